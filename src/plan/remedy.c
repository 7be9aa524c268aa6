#include "plan/remedy.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* In all of these @ stands for the value. */
struct way {
	const char *id;
	int64_t scale; /* the value is given in this many base units */
	const char *key, *value;
};

/* key is a sysctl. */
static const struct way sysctls[] = {
	{ "system-files", 1, "fs.file-max", "@" },
	{ "pid-max", 1, "kernel.pid_max", "@" },
	{ "threads-max", 1, "kernel.threads-max", "@" },
	{ "somaxconn", 1, "net.core.somaxconn", "@" },
	{ "syn-queue", 1, "net.ipv4.tcp_max_syn_backlog", "@" },
	{ "time-wait", 1, "net.ipv4.tcp_max_tw_buckets", "@" },
	{ "conntrack", 1, "net.netfilter.nf_conntrack_max", "@" },
	{ "commit-limit", 1, "vm.overcommit_memory", "0" },
	{ "tcp-memory", 4096, "net.ipv4.tcp_mem", "@ @ @" },
	{ "ephemeral-ports", 1, "net.ipv4.ip_local_port_range", "1024 65535" },
	{ "port-search", 1, "net.ipv4.ip_local_port_range", "1024 65535" },
	{ "reserved-ports", 1, "net.ipv4.ip_local_reserved_ports", "" },
};

/* key is the letter of ulimit, value the word of limits.conf(5). */
static const struct way rlimits[] = {
	{ "acceptor-nofile", 1, "n", "nofile" },
	{ "client-nofile", 1, "n", "nofile" },
	{ "nproc", 1, "u", "nproc" },
	{ "address-space", 1024, "v", "as" },
};

/* key is the property of a systemd unit; see systemd.resource-control(5). */
static const struct way cgroups[] = {
	{ "pids-cgroup", 1, "TasksMax", "@" },
	{ "memory-cgroup", 1, "MemoryMax", "@" },
};

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

static const struct way *
find(const struct way *ways, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ways[i].id, id) == 0)
			return &ways[i];
	return NULL;
}

/* The value in the units of the way, rounded up. */
static void
value_write(const struct way *way, int64_t value, char *buf, size_t size)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld",
		 (long long)((value + way->scale - 1) / way->scale));
	buf[0] = '\0';
	for (const char *p = way->value; *p != '\0'; p++) {
		const char one[2] = { *p, '\0' };

		strlcat(buf, *p == '@' ? number : one, size);
	}
}

static size_t
sysctl_write(const struct way *way, int64_t value, struct remedy *list)
{
	char text[80];
	const char *quote;

	value_write(way, value, text, sizeof(text));
	quote = strchr(text, ' ') != NULL || text[0] == '\0' ? "'" : "";
	snprintf(list[0].command, sizeof(list[0].command), "sysctl -w %s=%s%s%s",
		 way->key, quote, text, quote);
	list[0].lasts = "until the next boot";
	snprintf(list[1].command, sizeof(list[1].command),
		 "echo '%s = %s' >>/etc/sysctl.d/90-brink.conf", way->key, text);
	list[1].lasts = "from the next boot on";
	return 2;
}

static size_t
rlimit_write(const struct way *way, int64_t value, struct remedy *list)
{
	long long number = (long long)((value + way->scale - 1) / way->scale);

	snprintf(list[0].command, sizeof(list[0].command), "ulimit -H%s %lld", way->key,
		 number);
	list[0].lasts = "in this shell, as root";
	snprintf(list[1].command, sizeof(list[1].command),
		 "echo '* - %s %lld' >>/etc/security/limits.d/90-brink.conf", way->value,
		 number);
	list[1].lasts = "from the next login on, over boots";
	return 2;
}

static size_t
cgroup_write(const struct way *way, int64_t value, const char *file, struct remedy *list)
{
	size_t count = 0;

	if (file[0] != '\0') {
		snprintf(list[0].command, sizeof(list[0].command), "echo %lld >%s",
			 (long long)value, file);
		list[count++].lasts = "until the cgroup ends";
	}
	snprintf(list[count].command, sizeof(list[count].command),
		 "systemctl set-property UNIT %s=%lld", way->key, (long long)value);
	list[count++].lasts = "for good, of the unit around this process";
	return count;
}

/* So many source addresses that value ports of each are as many as there are. Where --sources
 * is auto, there are already as many as half of each range asks for. */
static size_t
sources_write(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	      struct remedy *list)
{
	double ports = (double)plan->sources * (double)(value - ceiling->of.used);
	int64_t free = ceiling->of.max - ceiling->of.used;
	int64_t sources = free > 0 ? (int64_t)ceil(ports / (double)free) : 0;

	if (sources <= plan->sources || sources > PLAN_SOURCES_MAX)
		return 0;
	snprintf(list[0].command, sizeof(list[0].command), "brink run --sources %lld",
		 (long long)sources);
	list[0].lasts = "in that run";
	return 1;
}

/* The accept queue holds one more than the backlog, which net.core.somaxconn cuts. */
static size_t
backlog_write(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	      struct remedy *list)
{
	static const struct way somaxconn = { "", 1, "net.core.somaxconn", "@" };
	long long backlog = (long long)value - 1;
	bool cut = backlog > ceiling->cap;

	list[0].lasts = "in that run";
	if (cut && plan->isolate) {
		snprintf(list[0].command, sizeof(list[0].command),
			 "brink run --backlog %lld --isolate --limit somaxconn=%lld",
			 backlog, backlog);
		return 1;
	}
	snprintf(list[0].command, sizeof(list[0].command), "brink run --backlog %lld",
		 backlog);
	return 1 + (cut ? sysctl_write(&somaxconn, backlog, list + 1) : 0);
}

/* What is given to "brink run". */
static const struct {
	const char *id;
	size_t (*write)(const struct plan *plan, const struct ceiling *ceiling,
			int64_t value, struct remedy *list);
} options[] = {
	{ "ephemeral-ports", sources_write },
	{ "port-search", sources_write },
	{ "accept-queue", backlog_write },
};

/* What is injected, or where the namespace is the run's own would be. */
static const struct {
	const char *id;
	enum limit_name limit;
} injected[] = {
	{ "acceptor-nofile", LIMIT_NOFILE_ACCEPTOR },
	{ "client-nofile", LIMIT_NOFILE_CLIENT },
	{ "ephemeral-ports", LIMIT_PORTS },
	{ "somaxconn", LIMIT_SOMAXCONN },
	{ "syn-queue", LIMIT_SYN_BACKLOG },
	{ "time-wait", LIMIT_TW_BUCKETS },
	{ "pids-cgroup", LIMIT_PIDS },
	{ "memory-cgroup", LIMIT_MEMORY },
	{ "nproc", LIMIT_NPROC },
	{ "address-space", LIMIT_ADDRESS_SPACE },
};

static bool
is_own(const struct plan *plan, const struct ceiling *ceiling, enum limit_name limit)
{
	return plan->limit[limit] == ceiling->of.max ||
	       (plan->isolate && limit_specs[limit].sysctl != NULL);
}

/* 1 where the run itself sets the ceiling, else 0. */
static size_t
limit_write(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	    struct remedy *list)
{
	for (size_t i = 0; i < COUNT_OF(injected); i++) {
		const struct limit_spec *spec = &limit_specs[injected[i].limit];
		char text[UNITS_TEXT_SIZE];

		if (strcmp(injected[i].id, ceiling->id) != 0 || value > spec->max ||
		    !is_own(plan, ceiling, injected[i].limit))
			continue;
		snprintf(list->command, sizeof(list->command),
			 "brink run %s--limit %s=%s",
			 spec->scope != NULL ? "--isolate " : "", spec->name,
			 units_format_exact(spec->unit, value, text));
		list->lasts = "in that run";
		return 1;
	}
	return 0;
}

size_t
remedy_list(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	    const char *file, struct remedy list[REMEDY_MAX])
{
	const char *id = ceiling->id;
	const struct way *way;
	size_t count = 0, own;

	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (strcmp(options[i].id, id) == 0)
			count += options[i].write(plan, ceiling, value, list);
	own = limit_write(plan, ceiling, value, list + count);
	if (own > 0)
		return count + own;
	if ((way = find(sysctls, COUNT_OF(sysctls), id)) != NULL)
		count += sysctl_write(way, value, list + count);
	if ((way = find(rlimits, COUNT_OF(rlimits), id)) != NULL)
		count += rlimit_write(way, value, list + count);
	if ((way = find(cgroups, COUNT_OF(cgroups), id)) != NULL)
		count += cgroup_write(way, value, file, list + count);
	return count;
}
