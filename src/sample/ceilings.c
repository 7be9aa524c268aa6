#include "sample/ceilings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/procfile.h"
#include "model/resource.h"
#include "plan/host.h"
#include "run/record.h"

/* Sysctls that are a ceiling: the word at a position, times scale. */
static const struct {
	enum subject_kind subject;
	const char *resource, *sysctl;
	int word;
	int64_t scale;
} sysctls[] = {
	{ SUBJECT_HOST, "files", "fs.file-max", 0, 1 },
	{ SUBJECT_HOST, "threads", "kernel.threads-max", 0, 1 },
	{ SUBJECT_HOST, "process_ids", "kernel.pid_max", 0, 1 },
	{ SUBJECT_HOST, "tcp_memory_bytes", "net.ipv4.tcp_mem", 2, RESOURCE_PAGE_BYTES },
	{ SUBJECT_NETNS, "tcp_time_wait", "net.ipv4.tcp_max_tw_buckets", 0, 1 },
	{ SUBJECT_NETNS, "conntrack_entries", "net.netfilter.nf_conntrack_max", 0, 1 },
};

/* With their lines in /proc/PID/limits. */
static const struct {
	const char *resource, *source, *line;
} rlimits[CEILINGS_PROCESS] = {
	{ "fds", "RLIMIT_NOFILE", "Max open files" },
	{ "vm_bytes", "RLIMIT_AS", "Max address space" },
};

/* Of version 2, then of version 1. */
static const struct {
	const char *resource, *files;
} cgroup_files[CGROUP_LIMITS] = {
	{ "memory_bytes", "memory.max|memory.limit_in_bytes" },
	{ "pids", "pids.max|pids.max" },
};

static void
push(struct ledger *ledger, enum subject_kind kind, uint32_t index, const char *resource,
     int64_t value, const char *source)
{
	struct limit_record record = { .subject = kind, .index = index, .value = value };

	strlcpy(record.resource, resource, sizeof(record.resource));
	strlcpy(record.source, source, sizeof(record.source));
	ring_push(ledger->ticks, RECORD_LIMIT, &record, sizeof(record));
}

/* The number at a position among words parted by blanks. */
static bool
number_at(const char *text, int word, int64_t *value)
{
	char *end;

	for (int i = 0;; i++) {
		*value = strtoll(text, &end, 10);
		if (end == text)
			return false;
		if (i == word)
			return true;
		text = end;
	}
}

void
ceilings_of_host(struct ledger *ledger)
{
	char text[256];
	int64_t value;
	struct host host;

	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		if (strcmp(sysctls[i].sysctl, "fs.file-max") == 0 &&
		    host_is_exempt(ledger->plan->uid))
			continue;
		if (procfile_sysctl(sysctls[i].sysctl, text, sizeof(text)) == -1 ||
		    !number_at(text, sysctls[i].word, &value) || value == INT64_MAX ||
		    __builtin_mul_overflow(value, sysctls[i].scale, &value))
			continue;
		push(ledger, sysctls[i].subject, 0, sysctls[i].resource, value,
		     sysctls[i].sysctl);
	}
	value = host_commit().max;
	if (value < INT64_MAX)
		push(ledger, SUBJECT_HOST, 0, "committed_bytes", value,
		     "CommitLimit, vm.overcommit_memory=2");
	if (ledger->plan->guard_bytes > 0)
		push(ledger, SUBJECT_HOST, 0, "available_bytes",
		     ledger->plan->guard_bytes, "--guard-memory");
	/* Each source address has the whole range to the one server. */
	host_read(&host, ledger->plan->uid);
	push(ledger, SUBJECT_GROUP, GROUP_CLIENTS, "held",
	     host.ports * ledger->plan->sources, "net.ipv4.ip_local_port_range");
}

void
ceilings_of_process(struct ledger *ledger, int32_t index, pid_t pid,
		    int64_t said[CEILINGS_PROCESS])
{
	for (size_t i = 0; i < CEILINGS_PROCESS; i++) {
		int64_t value;

		if (procfile_rlimit(pid, rlimits[i].line, &value) == -1 ||
		    value == said[i])
			continue;
		said[i] = value;
		push(ledger, SUBJECT_PROCESS, (uint32_t)index, rlimits[i].resource, value,
		     rlimits[i].source);
	}
}

void
ceilings_of_user(struct ledger *ledger, pid_t worker)
{
	int64_t value;

	if (!host_is_exempt(ledger->plan->uid) &&
	    procfile_rlimit(worker, "Max processes", &value) == 0)
		push(ledger, SUBJECT_HOST, 0, "user_threads", value, "RLIMIT_NPROC");
}

void
ceilings_of_cgroups(struct cgroups *cgroups)
{
	struct ledger *ledger = cgroups->ledger;

	for (size_t i = 0; i < cgroups_count(cgroups); i++)
		for (size_t k = 0; k < CGROUP_LIMITS; k++) {
			struct cgroup *cgroup = &cgroups->cgroup[i];
			char file[KEYED_KEY], source[RECORD_NAME];
			int64_t value;

			if (!cgroup_limit(cgroup, cgroup_files[k].files, &value, file,
					  sizeof(file)) ||
			    value == cgroup->said[k])
				continue;
			cgroup->said[k] = value;
			snprintf(source, sizeof(source), "%s", file);
			push(ledger, SUBJECT_CGROUP, (uint32_t)i,
			     cgroup_files[k].resource, value, source);
		}
}

void
ceilings_of_listener(struct ledger *ledger, uint32_t index, int64_t backlog)
{
	push(ledger, SUBJECT_LISTENER, index, "queue", backlog + 1,
	     "listen(2), net.core.somaxconn");
}
