#include "sample/settings.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/processors.h"
#include "base/procfile.h"
#include "plan/host.h"
#include "run/record.h"
#include "sample/system.h"

/* Those under net are the network namespace's. */
static const char *const sysctls[] = {
	"net.core.somaxconn",
	"net.core.netdev_max_backlog",
	"net.core.rmem_max",
	"net.core.wmem_max",
	"net.ipv4.ip_local_port_range",
	"net.ipv4.ip_local_reserved_ports",
	"net.ipv4.tcp_abort_on_overflow",
	"net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_max_orphans",
	"net.ipv4.tcp_max_syn_backlog",
	"net.ipv4.tcp_max_tw_buckets",
	"net.ipv4.tcp_mem",
	"net.ipv4.tcp_rmem",
	"net.ipv4.tcp_syn_linear_timeouts",
	"net.ipv4.tcp_syn_retries",
	"net.ipv4.tcp_synack_retries",
	"net.ipv4.tcp_syncookies",
	"net.ipv4.tcp_tw_reuse",
	"net.ipv4.tcp_wmem",
	"net.netfilter.nf_conntrack_max",
	"fs.epoll.max_user_watches",
	"fs.file-max",
	"fs.nr_open",
	"kernel.pid_max",
	"kernel.threads-max",
	"vm.max_map_count",
	"vm.min_free_kbytes",
	"vm.overcommit_memory",
	"vm.swappiness",
};

static const struct {
	const char *name, *path;
} files[] = {
	{ "cpu governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor" },
	{ "transparent hugepages", "/sys/kernel/mm/transparent_hugepage/enabled" },
	{ "clock source",
	  "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
};

static const struct {
	const char *name;
	int resource;
} rlimits[] = {
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
};

static void
push(struct ledger *ledger, enum subject_kind kind, const char *name, const char *value)
{
	struct setting_record record = { .subject = kind };

	strlcpy(record.name, name, sizeof(record.name));
	strlcpy(record.value, value, sizeof(record.value));
	ring_push(ledger->ticks, RECORD_SETTING, &record, sizeof(record));
}

void
settings_record_quota(struct ledger *ledger, uint32_t cgroup, int64_t period_us)
{
	struct setting_record record = { .subject = SUBJECT_CGROUP, .index = cgroup };

	strlcpy(record.name, SETTING_QUOTA_PERIOD, sizeof(record.name));
	snprintf(record.value, sizeof(record.value), "%lld", (long long)period_us);
	ring_push(ledger->ticks, RECORD_SETTING, &record, sizeof(record));
}

void
settings_record_cgroup(struct ledger *ledger, const char *hierarchy, const char *path)
{
	struct setting_record record = { .subject = SUBJECT_CGROUP };

	snprintf(record.name, sizeof(record.name), "%s%s%s", SETTING_CGROUP,
		 hierarchy != NULL ? " of " : "", hierarchy != NULL ? hierarchy : "");
	strlcpy(record.value, path, sizeof(record.value));
	ring_push(ledger->ticks, RECORD_SETTING, &record, sizeof(record));
}

static void
push_rlimit(struct ledger *ledger, const char *name, rlim_t limit)
{
	char value[32] = "unlimited";

	if (limit != RLIM_INFINITY)
		snprintf(value, sizeof(value), "%llu", (unsigned long long)limit);
	push(ledger, SUBJECT_HOST, name, value);
}

static void
record_rlimits(struct ledger *ledger)
{
	for (size_t i = 0; i < sizeof(rlimits) / sizeof(rlimits[0]); i++) {
		struct rlimit limit;
		char hard[RECORD_NAME];

		if (getrlimit(rlimits[i].resource, &limit) == -1)
			continue;
		snprintf(hard, sizeof(hard), "%s hard", rlimits[i].name);
		push_rlimit(ledger, rlimits[i].name, limit.rlim_cur);
		push_rlimit(ledger, hard, limit.rlim_max);
	}
}

void
settings_record(struct ledger *ledger)
{
	char value[256];

	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		bool of_net = strncmp(sysctls[i], "net.", 4) == 0;

		if (procfile_sysctl(sysctls[i], value, sizeof(value)) >= 0)
			push(ledger, of_net ? SUBJECT_NETNS : SUBJECT_HOST, sysctls[i],
			     value);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (procfile_read(files[i].path, value, sizeof(value)) >= 0)
			push(ledger, SUBJECT_HOST, files[i].name, value);
	snprintf(value, sizeof(value), "%lld", (long long)processors_allowed());
	push(ledger, SUBJECT_HOST, SETTING_PROCESSORS, value);
	snprintf(value, sizeof(value), "%lld",
		 (long long)host_bound_ports(ledger->plan->port));
	push(ledger, SUBJECT_NETNS, SETTING_PORTS_BOUND, value);
	push(ledger, SUBJECT_HOST, SETTING_PROCESSES_SEEN,
	     host_shows_all() ? SETTING_PROCESSES_ALL : "a part");
	record_rlimits(ledger);
}

void
settings_record_worker(struct ledger *ledger, pid_t pid)
{
	int64_t of_server = users_of_server(ledger);
	int64_t uid = of_server >= 0 ? of_server : (int64_t)geteuid();
	char value[32] = "not enforced";
	int64_t limit;

	bool enforced = uid != 0 && !host_is_exempt(uid);

	if (enforced && procfile_rlimit(pid, "Max processes", &limit) == -1)
		return;
	if (enforced)
		snprintf(value, sizeof(value), "%lld", (long long)limit);
	push(ledger, SUBJECT_HOST, SETTING_WORKER_PROCESSES, value);
}
