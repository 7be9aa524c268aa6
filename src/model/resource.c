#include "model/resource.h"

#include <string.h>

#define PAGE RESOURCE_PAGE_BYTES

/* Entries of one subject stand together, in the order of its table's columns. A key of a
 * cgroup names the file (and the key in it) for v2, then for v1. */
const struct resource resources[] = {
	/* host */
	{ SUBJECT_HOST, "available_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "MemAvailable", 1024, 0, .help = "memory that can be had without swapping",
	  .bound = { .from = BOUND_GUARD, .name = "--guard-memory" },
	  .display_name = "available memory" },
	{ SUBJECT_HOST, "free_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "MemFree", 1024, 0, .help = "memory that is not used at all" },
	{ SUBJECT_HOST, "anon_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "AnonPages", 1024, 0, .help = "memory of processes, backed by no file" },
	{ SUBJECT_HOST, "slab_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO, "Slab",
	  1024, 0, .help = "the kernel's object caches" },
	{ SUBJECT_HOST, "slab_unreclaimable_bytes", UNIT_BYTES, RESOURCE_GAUGE,
	  SOURCE_MEMINFO, "SUnreclaim", 1024, 65536,
	  .help = "object caches in use: sockets, inodes, epoll entries",
	  .display_name = "kernel objects" },
	{ SUBJECT_HOST, "kernel_stack_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "KernelStack", 1024, 16384, .help = "kernel stacks, one per thread",
	  .display_name = "kernel stacks" },
	{ SUBJECT_HOST, "page_table_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "PageTables", 1024, 65536, .help = "page tables of all processes",
	  .display_name = "page tables" },
	{ SUBJECT_HOST, "tcp_memory_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP mem", PAGE, PAGE, .help = "socket buffers of TCP, of the whole host",
	  .bound = { .from = BOUND_SYSCTL,
		     .name = "net.ipv4.tcp_mem",
		     .word = 2,
		     .scale = PAGE },
	  .display_name = "socket buffers" },
	{ SUBJECT_HOST, "tcp_allocated", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP alloc", 1, 0, .help = "TCP sockets allocated, of the whole host" },
	{ SUBJECT_HOST, "tcp_orphans", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP orphan", 1, 0,
	  .help = "TCP sockets that belong to no process, of the whole host" },
	{ SUBJECT_HOST, "files", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_FILE_NR, "0", 1, 0,
	  .help = "open file descriptions of the host",
	  .bound = { .from = BOUND_SYSCTL,
		     .name = "fs.file-max",
		     .not_for_root = true } },
	{ SUBJECT_HOST, "threads", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LOADAVG, "4", 1, 0,
	  .help = "threads of the host",
	  .bound = { .from = BOUND_SYSCTL, .name = "kernel.threads-max" } },
	{ SUBJECT_HOST, "cpu_user_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 1", 10000, 0, .help = "CPU time in user space" },
	{ SUBJECT_HOST, "cpu_system_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 3", 10000, 0, .help = "CPU time in the kernel" },
	{ SUBJECT_HOST, "cpu_idle_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 4", 10000, 0, .help = "CPU time idle" },
	{ SUBJECT_HOST, "cpu_softirq_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 7", 10000, 0, .help = "CPU time in network and timer interrupts" },
	{ SUBJECT_HOST, "cpu_steal_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 8", 10000, 0,
	  .help = "CPU time taken by other machines on this hardware" },
	{ SUBJECT_HOST, "context_switches_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_CPU, "ctxt", 1, 0, .help = "context switches" },
	{ SUBJECT_HOST, "forks_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_CPU,
	  "processes", 1, 0, .help = "processes and threads ever created" },
	{ SUBJECT_HOST, "oom_kills_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_VMSTAT,
	  "oom_kill", 1, 0, .help = "processes killed by the kernel for want of memory" },
	{ SUBJECT_HOST, "user_threads", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_USERS,
	  "threads", 1, 0, .help = "threads of the workers' user on the whole host",
	  .bound = { .from = BOUND_USER,
		     .name = "RLIMIT_NPROC",
		     .key = "Max processes",
		     .not_for_root = true } },
	{ SUBJECT_HOST, "process_ids", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_USERS, "ids", 1,
	  0, .help = "process ids in use, and those under 300 that the kernel keeps back",
	  .bound = { .from = BOUND_SYSCTL, .name = "kernel.pid_max" } },
	{ SUBJECT_HOST, "committed_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "Committed_AS", 1024, 0,
	  .help = "memory that the kernel has promised to processes",
	  .bound = { .from = BOUND_COMMIT,
		     .name = "CommitLimit, vm.overcommit_memory=2" } },

	/* netns */
	{ SUBJECT_NETNS, "sockets", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "sockets used", 1, 1, .help = "sockets of every kind in the namespace",
	  .display_name = "sockets" },
	{ SUBJECT_NETNS, "tcp_in_use", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP inuse", 1, 1, .help = "TCP sockets that belong to a descriptor or a queue",
	  .display_name = "TCP sockets" },
	{ SUBJECT_NETNS, "tcp_time_wait", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP tw", 1, 1, .help = "connections in TIME_WAIT: each holds a port for 60 s",
	  .bound = { .from = BOUND_SYSCTL, .name = "net.ipv4.tcp_max_tw_buckets" },
	  .display_name = "ports in TIME_WAIT" },
	{ SUBJECT_NETNS, "conntrack_entries", UNIT_COUNT, RESOURCE_GAUGE,
	  SOURCE_CONNTRACK, "0", 1, 0, .help = "connections tracked by the firewall",
	  .bound = { .from = BOUND_SYSCTL, .name = "net.netfilter.nf_conntrack_max" } },
	{ SUBJECT_NETNS, "active_opens_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp ActiveOpens", 1, 0, .help = "connects begun" },
	{ SUBJECT_NETNS, "passive_opens_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp PassiveOpens", 1, 0, .help = "handshakes begun by a peer" },
	{ SUBJECT_NETNS, "attempt_fails_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp AttemptFails", 1, 0, .help = "handshakes that failed" },
	{ SUBJECT_NETNS, "established_resets_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_SNMP, "Tcp EstabResets", 1, 0,
	  .help = "connections that ended by a reset" },
	{ SUBJECT_NETNS, "tcp_established", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_SNMP,
	  "Tcp CurrEstab", 1, 0,
	  .help = "connections established or in CLOSE_WAIT, each end counted" },
	{ SUBJECT_NETNS, "in_segments_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp InSegs", 1, 0, .help = "TCP segments received" },
	{ SUBJECT_NETNS, "out_segments_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp OutSegs", 1, 0, .help = "TCP segments sent" },
	{ SUBJECT_NETNS, "retransmitted_segments_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_SNMP, "Tcp RetransSegs", 1, 0, .help = "TCP segments sent again" },
	{ SUBJECT_NETNS, "out_resets_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp OutRsts", 1, 0, .help = "resets sent" },
	{ SUBJECT_NETNS, "listen_overflows_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt ListenOverflows", 1, 0,
	  .help = "packets for a listener whose accept queue was full" },
	{ SUBJECT_NETNS, "listen_drops_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt ListenDrops", 1, 0,
	  .help = "handshake packets dropped at a listener, for whatever reason" },
	{ SUBJECT_NETNS, "syn_cookies_sent_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt SyncookiesSent", 1, 0,
	  .help = "handshakes answered without keeping state" },
	{ SUBJECT_NETNS, "syn_queue_drops_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPReqQFullDrop", 1, 0,
	  .help = "handshakes dropped because the SYN queue was full" },
	{ SUBJECT_NETNS, "syn_queue_cookies_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPReqQFullDoCookies", 1, 0,
	  .help = "handshakes answered with a cookie because the SYN queue was full" },
	{ SUBJECT_NETNS, "time_wait_overflows_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPTimeWaitOverflow", 1, 0,
	  .help = "connections that skipped TIME_WAIT: its table was full" },
	{ SUBJECT_NETNS, "syn_retransmits_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPSynRetrans", 1, 0, .help = "SYNs sent again" },
	{ SUBJECT_NETNS, "timeouts_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPTimeouts", 1, 0, .help = "retransmission timers that ran out" },
	{ SUBJECT_NETNS, "aborts_on_memory_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPAbortOnMemory", 1, 0,
	  .help = "connections dropped for want of socket memory" },
	{ SUBJECT_NETNS, "aborts_on_close_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPAbortOnClose", 1, 0,
	  .help = "connections reset because data was left unread at close" },
	{ SUBJECT_NETNS, "memory_pressures_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPMemoryPressures", 1, 0,
	  .help = "times TCP came under memory pressure" },
	{ SUBJECT_NETNS, "receive_queue_drops_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPRcvQDrop", 1, 0,
	  .help = "segments dropped because a receive queue was full" },
	{ SUBJECT_NETNS, "zero_windows_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPToZeroWindowAdv", 1, 0,
	  .help = "times a receiver closed its window" },

	/* cgroup */
	{ SUBJECT_CGROUP, "memory_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_CGROUP,
	  "memory.current|memory.usage_in_bytes", 1, 0,
	  .help = "memory charged to the cgroup",
	  .bound = { .from = BOUND_CGROUP, .key = "memory.max|memory.limit_in_bytes" },
	  .display_name = "memory charged" },
	{ SUBJECT_CGROUP, "kernel_memory_bytes", UNIT_BYTES, RESOURCE_GAUGE,
	  SOURCE_CGROUP, "memory.stat kernel|memory.kmem.usage_in_bytes", 1, 4096,
	  .help = "of that, the kernel's own", .display_name = "kernel memory charged" },
	{ SUBJECT_CGROUP, "socket_memory_bytes", UNIT_BYTES, RESOURCE_GAUGE,
	  SOURCE_CGROUP, "memory.stat sock|memory.kmem.tcp.usage_in_bytes", 1, 4096,
	  .help = "of that, socket buffers", .display_name = "socket buffers charged" },
	{ SUBJECT_CGROUP, "pids", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_CGROUP,
	  "pids.current|pids.current", 1, 1, .help = "threads in the cgroup",
	  .bound = { .from = BOUND_CGROUP, .key = "pids.max|pids.max" },
	  .display_name = "processes" },
	{ SUBJECT_CGROUP, "oom_kills_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_CGROUP,
	  "memory.events oom_kill|memory.oom_control oom_kill", 1, 0,
	  .help = "processes of the cgroup killed for want of memory" },
	{ SUBJECT_CGROUP, "pids_denied_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_CGROUP, "pids.events max|pids.events max", 1, 0,
	  .help = "forks refused by the cgroup's limit" },
	{ SUBJECT_CGROUP, "throttled_periods_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_CGROUP, "cpu.stat nr_throttled|cpu.stat nr_throttled", 1, 0,
	  .help = "periods in which the CPU quota ran out" },
	{ SUBJECT_CGROUP, "memory_refused_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_CGROUP, "memory.events oom|memory.failcnt", 1, 0,
	  .help = "times that the cgroup's own limit left no memory to be had" },
	{ SUBJECT_CGROUP, "memory_slowed_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_CGROUP, "memory.events high|memory.events high", 1, 0,
	  .help = "times that the cgroup's processes were slowed for memory.high" },

	/* listener */
	{ SUBJECT_LISTENER, "queue", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LISTENER,
	  "unacked", 1, 0, .help = "connections waiting for accept",
	  .bound = { .from = BOUND_BACKLOG, .name = "listen(2), net.core.somaxconn" } },
	{ SUBJECT_LISTENER, "backlog", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LISTENER,
	  "sacked", 1, 0, .help = "the most that may wait, less one" },
	{ SUBJECT_LISTENER, "drops_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LISTENER,
	  "drops", 1, 0, .help = "handshake packets that this listener dropped" },

	/* process */
	{ SUBJECT_PROCESS, "fds", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_PROC_FD, "", 1, 1,
	  .help = "open file descriptors",
	  .bound = { .from = BOUND_RLIMIT,
		     .name = "RLIMIT_NOFILE",
		     .key = "Max open files" },
	  .display_name = "open files" },
	{ SUBJECT_PROCESS, "rss_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_PROC_STATM,
	  "2", PAGE, PAGE, .help = "resident memory, shared pages included",
	  .display_name = "memory" },
	{ SUBJECT_PROCESS, "vm_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_PROC_STATM, "1",
	  PAGE, 0, .help = "address space",
	  .bound = { .from = BOUND_RLIMIT,
		     .name = "RLIMIT_AS",
		     .key = "Max address space" } },
	{ SUBJECT_PROCESS, "private_bytes", UNIT_BYTES, RESOURCE_GAUGE,
	  SOURCE_PROC_ROLLUP, "Private_Dirty", 1024, 0,
	  .help = "memory of its own, every tenth tick",
	  .display_name = "private memory" },
	{ SUBJECT_PROCESS, "threads", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_PROC_STAT, "20",
	  1, 0, .help = "threads" },
	{ SUBJECT_PROCESS, "state", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_PROC_STAT, "3", 1,
	  0,
	  .help = "scheduler state, as the code of its letter: 82 R, 83 S, 84 T, 68 D" },
	{ SUBJECT_PROCESS, "cpu_user_us_total", UNIT_US, RESOURCE_COUNTER,
	  SOURCE_PROC_STAT, "14", 10000, 0, .help = "CPU time in user space" },
	{ SUBJECT_PROCESS, "cpu_system_us_total", UNIT_US, RESOURCE_COUNTER,
	  SOURCE_PROC_STAT, "15", 10000, 0, .help = "CPU time in the kernel" },
	{ SUBJECT_PROCESS, "minor_faults_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_PROC_STAT, "10", 1, 0, .help = "page faults without reading a disk" },
	{ SUBJECT_PROCESS, "major_faults_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_PROC_STAT, "12", 1, 0, .help = "page faults that read a disk" },

	/* worker */
	{ SUBJECT_WORKER, "attempted_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "attempted", 1, 0, .help = "connects begun" },
	{ SUBJECT_WORKER, "established_total", UNIT_COUNT, RESOURCE_COUNTER,
	  SOURCE_LEDGER, "established", 1, 0,
	  .help = "handshakes done as the client sees it" },
	{ SUBJECT_WORKER, "accepted_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "accepted", 1, 0,
	  .help = "connections taken by accept before the release, not the canary's" },
	{ SUBJECT_WORKER, "served_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "served", 1, 0, .help = "connections whose first message was echoed" },
	{ SUBJECT_WORKER, "held", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LEDGER, "held", 1, 0,
	  .help = "connections open", .display_name = "ephemeral ports" },
	{ SUBJECT_WORKER, "in_flight", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LEDGER,
	  "in_flight", 1, 0, .help = "connects under way" },
	{ SUBJECT_WORKER, "missed_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "missed", 1, 0, .help = "schedule slots that could not be started" },
	{ SUBJECT_WORKER, "failed_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "failed", 1, 0, .help = "attempts that failed" },
	{ SUBJECT_WORKER, "transient_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "transient", 1, 0, .help = "connects that needed a second SYN" },
	{ SUBJECT_WORKER, "lost_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "lost", 1, 0,
	  .help = "held connections that the other side ended, or that died with their "
		  "process" },
	{ SUBJECT_WORKER, "released_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "released", 1, 0, .help = "connections closed by order" },
	{ SUBJECT_WORKER, "processes", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_LEDGER,
	  "processes", 1, 0, .help = "live children", .display_name = "processes" },
	{ SUBJECT_WORKER, "messages_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "messages", 1, 0, .help = "messages sent, by an acceptor: echoed" },
	{ SUBJECT_WORKER, "sent_bytes_total", UNIT_BYTES, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "sent_bytes", 1, 0, .help = "bytes sent" },
	{ SUBJECT_WORKER, "received_bytes_total", UNIT_BYTES, RESOURCE_COUNTER,
	  SOURCE_LEDGER, "received_bytes", 1, 0, .help = "bytes received" },
	{ SUBJECT_WORKER, "strangers_total", UNIT_COUNT, RESOURCE_COUNTER, SOURCE_LEDGER,
	  "strangers", 1, 0,
	  .help = "connections taken by accept that no client of this run opened" },

	/* group */
	{ SUBJECT_GROUP, "processes", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_GROUP, "", 1, 1,
	  .help = "live processes, exact", .display_name = "processes" },
	{ SUBJECT_GROUP, "sampled", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_GROUP, "", 1, 0,
	  .help = "of those, read one by one; where fewer, the sums are extrapolated" },
	{ SUBJECT_GROUP, "fds", UNIT_COUNT, RESOURCE_GAUGE, SOURCE_GROUP, "fds", 1, 1,
	  .help = "open file descriptors of all" },
	{ SUBJECT_GROUP, "rss_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_GROUP,
	  "rss_bytes", 1, PAGE,
	  .help = "resident memory of all, shared pages counted in each" },
	{ SUBJECT_GROUP, "private_bytes", UNIT_BYTES, RESOURCE_GAUGE, SOURCE_GROUP,
	  "private_bytes", 1, PAGE, .help = "memory of their own, every tenth tick" },
	{ SUBJECT_GROUP, "cpu_user_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_GROUP,
	  "cpu_user_us_total", 1, 0, .help = "CPU time in user space of those alive" },
	{ SUBJECT_GROUP, "cpu_system_us_total", UNIT_US, RESOURCE_COUNTER, SOURCE_GROUP,
	  "cpu_system_us_total", 1, 0, .help = "CPU time in the kernel of those alive" },
};

const size_t resource_count = sizeof(resources) / sizeof(resources[0]);

static const char *const subject_kinds[SUBJECT_KINDS] = {
	[SUBJECT_HOST] = "host",       [SUBJECT_NETNS] = "netns",
	[SUBJECT_CGROUP] = "cgroup",   [SUBJECT_LISTENER] = "listener",
	[SUBJECT_PROCESS] = "process", [SUBJECT_WORKER] = "worker",
	[SUBJECT_GROUP] = "group",
};

const char *
subject_kind_name(enum subject_kind subject)
{
	return subject_kinds[subject];
}

const struct resource *
resource_of(enum subject_kind subject, size_t *count)
{
	const struct resource *first = NULL;

	*count = 0;
	for (size_t i = 0; i < resource_count; i++) {
		if (resources[i].subject != subject)
			continue;
		if (first == NULL)
			first = &resources[i];
		++*count;
	}
	return first;
}

const struct resource *
resource_find(enum subject_kind subject, const char *name)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].subject == subject &&
		    strcmp(resources[i].name, name) == 0)
			return &resources[i];
	return NULL;
}

size_t
resource_position(const struct resource *resource)
{
	size_t count;

	return (size_t)(resource - resource_of(resource->subject, &count));
}
