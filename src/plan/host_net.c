#include "plan/host_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"

static int64_t
sysctl_or(const char *path, int64_t fallback)
{
	char full[128];
	int64_t value;

	snprintf(full, sizeof(full), "/proc/sys/net/%s", path);
	return procfile_read_i64(full, &value) == 0 ? value : fallback;
}

/* A number of the line "TCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1" of sockstat. */
static int64_t
sockstat_read(const char *key)
{
	char text[1024], word[16];
	const char *line = NULL, *at = NULL;

	if (procfile_read("/proc/net/sockstat", text, sizeof(text)) > 0)
		line = strstr(text, "TCP:");
	snprintf(word, sizeof(word), " %s ", key);
	if (line)
		at = strstr(line, word);
	return at ? strtoll(at + strlen(word), NULL, 10) : 0;
}

/* The third of the three numbers of tcp_mem, in pages. */
static int64_t
tcp_mem_read(void)
{
	char text[128], *end = text;
	int64_t pages = 0;

	if (procfile_read("/proc/sys/net/ipv4/tcp_mem", text, sizeof(text)) <= 0)
		return INT64_MAX;
	for (int i = 0; i < 3; i++)
		pages = strtoll(end, &end, 10);
	return pages;
}

void
host_net_read(struct host_net *net)
{
	int64_t page = sysconf(_SC_PAGESIZE);

	net->somaxconn = sysctl_or("core/somaxconn", INT64_MAX);
	net->syn_backlog = sysctl_or("ipv4/tcp_max_syn_backlog", INT64_MAX);
	net->reserved_ports = host_reserved_ports();
	net->time_wait.max = sysctl_or("ipv4/tcp_max_tw_buckets", INT64_MAX);
	net->time_wait.used = sockstat_read("tw");
	net->tcp_bytes.max = tcp_mem_read();
	if (net->tcp_bytes.max < INT64_MAX / page)
		net->tcp_bytes.max *= page;
	net->tcp_bytes.used = sockstat_read("mem") * page;
	net->conntrack.max = sysctl_or("netfilter/nf_conntrack_max", INT64_MAX);
	net->conntrack.used = sysctl_or("netfilter/nf_conntrack_count", 0);
}
