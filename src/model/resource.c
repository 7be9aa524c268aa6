#include "model/resource.h"

#include <string.h>

#define PAGE RESOURCE_PAGE_BYTES

/* Entries of one subject stand together, in the order of its table's columns. A key of a
 * cgroup names the file (and the key in it) for v2, then for v1. */
const struct resource resources[] = {
	/* host */
	{ SUBJECT_HOST, "available_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "MemAvailable", 1024, 0, "memory that can be had without swapping" },
	{ SUBJECT_HOST, "free_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO, "MemFree",
	  1024, 0, "memory that is not used at all" },
	{ SUBJECT_HOST, "anon_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "AnonPages", 1024, 0, "memory of processes, backed by no file" },
	{ SUBJECT_HOST, "slab_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO, "Slab",
	  1024, 0, "the kernel's object caches" },
	{ SUBJECT_HOST, "slab_unreclaimable_bytes", "bytes", RESOURCE_GAUGE,
	  SOURCE_MEMINFO, "SUnreclaim", 1024, 65536,
	  "object caches in use: sockets, inodes, epoll entries" },
	{ SUBJECT_HOST, "kernel_stack_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "KernelStack", 1024, 16384, "kernel stacks, one a thread" },
	{ SUBJECT_HOST, "page_table_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "PageTables", 1024, 65536, "page tables of all processes" },
	{ SUBJECT_HOST, "tcp_memory_bytes", "bytes", RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP mem", PAGE, PAGE, "socket buffers of TCP, of the whole host" },
	{ SUBJECT_HOST, "tcp_allocated", "1", RESOURCE_GAUGE, SOURCE_SOCKSTAT,
	  "TCP alloc", 1, 0, "TCP sockets allocated, of the whole host" },
	{ SUBJECT_HOST, "tcp_orphans", "1", RESOURCE_GAUGE, SOURCE_SOCKSTAT, "TCP orphan",
	  1, 0, "TCP sockets of no process, of the whole host" },
	{ SUBJECT_HOST, "files", "1", RESOURCE_GAUGE, SOURCE_FILE_NR, "0", 1, 0,
	  "open file descriptions of the host" },
	{ SUBJECT_HOST, "threads", "1", RESOURCE_GAUGE, SOURCE_LOADAVG, "4", 1, 0,
	  "threads of the host" },
	{ SUBJECT_HOST, "cpu_user_us_total", "us", RESOURCE_COUNTER, SOURCE_CPU, "cpu 1",
	  10000, 0, "CPU time in user space" },
	{ SUBJECT_HOST, "cpu_system_us_total", "us", RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 3", 10000, 0, "CPU time in the kernel" },
	{ SUBJECT_HOST, "cpu_idle_us_total", "us", RESOURCE_COUNTER, SOURCE_CPU, "cpu 4",
	  10000, 0, "CPU time idle" },
	{ SUBJECT_HOST, "cpu_softirq_us_total", "us", RESOURCE_COUNTER, SOURCE_CPU,
	  "cpu 7", 10000, 0, "CPU time in network and timer interrupts" },
	{ SUBJECT_HOST, "cpu_steal_us_total", "us", RESOURCE_COUNTER, SOURCE_CPU, "cpu 8",
	  10000, 0, "CPU time taken by other machines on this hardware" },
	{ SUBJECT_HOST, "context_switches_total", "1", RESOURCE_COUNTER, SOURCE_CPU,
	  "ctxt", 1, 0, "context switches" },
	{ SUBJECT_HOST, "forks_total", "1", RESOURCE_COUNTER, SOURCE_CPU, "processes", 1,
	  0, "processes and threads ever created" },
	{ SUBJECT_HOST, "oom_kills_total", "1", RESOURCE_COUNTER, SOURCE_VMSTAT,
	  "oom_kill", 1, 0, "processes killed by the kernel for want of memory" },
	{ SUBJECT_HOST, "user_threads", "1", RESOURCE_GAUGE, SOURCE_USERS, "threads", 1,
	  0, "threads of the workers' user on the whole host" },
	{ SUBJECT_HOST, "process_ids", "1", RESOURCE_GAUGE, SOURCE_USERS, "ids", 1, 0,
	  "process ids in use, and those under 300 that the kernel keeps back" },
	{ SUBJECT_HOST, "committed_bytes", "bytes", RESOURCE_GAUGE, SOURCE_MEMINFO,
	  "Committed_AS", 1024, 0, "memory that the kernel has promised to processes" },

	/* netns */
	{ SUBJECT_NETNS, "sockets", "1", RESOURCE_GAUGE, SOURCE_SOCKSTAT, "sockets used",
	  1, 1, "sockets of every kind in the namespace" },
	{ SUBJECT_NETNS, "tcp_in_use", "1", RESOURCE_GAUGE, SOURCE_SOCKSTAT, "TCP inuse",
	  1, 1, "TCP sockets that belong to a descriptor or a queue" },
	{ SUBJECT_NETNS, "tcp_time_wait", "1", RESOURCE_GAUGE, SOURCE_SOCKSTAT, "TCP tw",
	  1, 1, "connections in TIME_WAIT: each holds a port for 60 s" },
	{ SUBJECT_NETNS, "conntrack_entries", "1", RESOURCE_GAUGE, SOURCE_CONNTRACK, "0",
	  1, 0, "connections tracked by the firewall" },
	{ SUBJECT_NETNS, "active_opens_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp ActiveOpens", 1, 0, "connects begun" },
	{ SUBJECT_NETNS, "passive_opens_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp PassiveOpens", 1, 0, "handshakes begun by a peer" },
	{ SUBJECT_NETNS, "attempt_fails_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp AttemptFails", 1, 0, "handshakes that came to nothing" },
	{ SUBJECT_NETNS, "established_resets_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp EstabResets", 1, 0, "connections that ended by a reset" },
	{ SUBJECT_NETNS, "tcp_established", "1", RESOURCE_GAUGE, SOURCE_SNMP,
	  "Tcp CurrEstab", 1, 0,
	  "connections established or in CLOSE_WAIT, each end counted" },
	{ SUBJECT_NETNS, "in_segments_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp InSegs", 1, 0, "TCP segments received" },
	{ SUBJECT_NETNS, "out_segments_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp OutSegs", 1, 0, "TCP segments sent" },
	{ SUBJECT_NETNS, "retransmitted_segments_total", "1", RESOURCE_COUNTER,
	  SOURCE_SNMP, "Tcp RetransSegs", 1, 0, "TCP segments sent again" },
	{ SUBJECT_NETNS, "out_resets_total", "1", RESOURCE_COUNTER, SOURCE_SNMP,
	  "Tcp OutRsts", 1, 0, "resets sent" },
	{ SUBJECT_NETNS, "listen_overflows_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt ListenOverflows", 1, 0,
	  "packets for a listener whose accept queue was full" },
	{ SUBJECT_NETNS, "listen_drops_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt ListenDrops", 1, 0,
	  "handshake packets dropped at a listener, for whatever reason" },
	{ SUBJECT_NETNS, "syn_cookies_sent_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt SyncookiesSent", 1, 0, "handshakes answered without keeping state" },
	{ SUBJECT_NETNS, "syn_queue_drops_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPReqQFullDrop", 1, 0,
	  "handshakes dropped because the SYN queue was full" },
	{ SUBJECT_NETNS, "syn_queue_cookies_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPReqQFullDoCookies", 1, 0,
	  "handshakes answered with a cookie because the SYN queue was full" },
	{ SUBJECT_NETNS, "time_wait_overflows_total", "1", RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPTimeWaitOverflow", 1, 0,
	  "connections that skipped TIME_WAIT: its table was full" },
	{ SUBJECT_NETNS, "syn_retransmits_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPSynRetrans", 1, 0, "SYNs sent again" },
	{ SUBJECT_NETNS, "timeouts_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPTimeouts", 1, 0, "retransmission timers that ran out" },
	{ SUBJECT_NETNS, "aborts_on_memory_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPAbortOnMemory", 1, 0,
	  "connections dropped for want of socket memory" },
	{ SUBJECT_NETNS, "aborts_on_close_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPAbortOnClose", 1, 0,
	  "connections reset because data was left unread at close" },
	{ SUBJECT_NETNS, "memory_pressures_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPMemoryPressures", 1, 0, "times TCP came under memory pressure" },
	{ SUBJECT_NETNS, "receive_queue_drops_total", "1", RESOURCE_COUNTER,
	  SOURCE_NETSTAT, "TcpExt TCPRcvQDrop", 1, 0,
	  "segments dropped because a receive queue was full" },
	{ SUBJECT_NETNS, "zero_windows_total", "1", RESOURCE_COUNTER, SOURCE_NETSTAT,
	  "TcpExt TCPToZeroWindowAdv", 1, 0, "times a receiver closed its window" },

	/* cgroup */
	{ SUBJECT_CGROUP, "memory_bytes", "bytes", RESOURCE_GAUGE, SOURCE_CGROUP,
	  "memory.current|memory.usage_in_bytes", 1, 0, "memory charged to the cgroup" },
	{ SUBJECT_CGROUP, "kernel_memory_bytes", "bytes", RESOURCE_GAUGE, SOURCE_CGROUP,
	  "memory.stat kernel|memory.kmem.usage_in_bytes", 1, 4096,
	  "of that, the kernel's own" },
	{ SUBJECT_CGROUP, "socket_memory_bytes", "bytes", RESOURCE_GAUGE, SOURCE_CGROUP,
	  "memory.stat sock|memory.kmem.tcp.usage_in_bytes", 1, 4096,
	  "of that, socket buffers" },
	{ SUBJECT_CGROUP, "pids", "1", RESOURCE_GAUGE, SOURCE_CGROUP,
	  "pids.current|pids.current", 1, 1, "threads in the cgroup" },
	{ SUBJECT_CGROUP, "oom_kills_total", "1", RESOURCE_COUNTER, SOURCE_CGROUP,
	  "memory.events oom_kill|memory.oom_control oom_kill", 1, 0,
	  "processes of the cgroup killed for want of memory" },
	{ SUBJECT_CGROUP, "pids_denied_total", "1", RESOURCE_COUNTER, SOURCE_CGROUP,
	  "pids.events max|pids.events max", 1, 0,
	  "forks refused by the cgroup's limit" },
	{ SUBJECT_CGROUP, "throttled_periods_total", "1", RESOURCE_COUNTER, SOURCE_CGROUP,
	  "cpu.stat nr_throttled|cpu.stat nr_throttled", 1, 0,
	  "periods in which the CPU quota ran out" },
	{ SUBJECT_CGROUP, "memory_refused_total", "1", RESOURCE_COUNTER, SOURCE_CGROUP,
	  "memory.events oom|memory.failcnt", 1, 0,
	  "times that the cgroup's own limit left no memory to be had" },

	/* listener */
	{ SUBJECT_LISTENER, "queue", "1", RESOURCE_GAUGE, SOURCE_LISTENER, "unacked", 1,
	  0, "connections waiting for accept" },
	{ SUBJECT_LISTENER, "backlog", "1", RESOURCE_GAUGE, SOURCE_LISTENER, "sacked", 1,
	  0, "the most that may wait, less one" },
	{ SUBJECT_LISTENER, "drops_total", "1", RESOURCE_COUNTER, SOURCE_LISTENER,
	  "drops", 1, 0, "handshake packets that this listener dropped" },

	/* process */
	{ SUBJECT_PROCESS, "fds", "1", RESOURCE_GAUGE, SOURCE_PROC_FD, "", 1, 1,
	  "open file descriptors" },
	{ SUBJECT_PROCESS, "rss_bytes", "bytes", RESOURCE_GAUGE, SOURCE_PROC_STATM, "2",
	  PAGE, PAGE, "resident memory, shared pages included" },
	{ SUBJECT_PROCESS, "vm_bytes", "bytes", RESOURCE_GAUGE, SOURCE_PROC_STATM, "1",
	  PAGE, 0, "address space" },
	{ SUBJECT_PROCESS, "private_bytes", "bytes", RESOURCE_GAUGE, SOURCE_PROC_ROLLUP,
	  "Private_Dirty", 1024, 0, "memory of its own, every tenth tick" },
	{ SUBJECT_PROCESS, "threads", "1", RESOURCE_GAUGE, SOURCE_PROC_STAT, "20", 1, 0,
	  "threads" },
	{ SUBJECT_PROCESS, "state", "1", RESOURCE_GAUGE, SOURCE_PROC_STAT, "3", 1, 0,
	  "scheduler state, as the code of its letter: 82 R, 83 S, 84 T, 68 D" },
	{ SUBJECT_PROCESS, "cpu_user_us_total", "us", RESOURCE_COUNTER, SOURCE_PROC_STAT,
	  "14", 10000, 0, "CPU time in user space" },
	{ SUBJECT_PROCESS, "cpu_system_us_total", "us", RESOURCE_COUNTER,
	  SOURCE_PROC_STAT, "15", 10000, 0, "CPU time in the kernel" },
	{ SUBJECT_PROCESS, "minor_faults_total", "1", RESOURCE_COUNTER, SOURCE_PROC_STAT,
	  "10", 1, 0, "page faults without reading a disk" },
	{ SUBJECT_PROCESS, "major_faults_total", "1", RESOURCE_COUNTER, SOURCE_PROC_STAT,
	  "12", 1, 0, "page faults that read a disk" },

	/* worker */
	{ SUBJECT_WORKER, "attempted_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "attempted", 1, 0, "connects begun" },
	{ SUBJECT_WORKER, "established_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "established", 1, 0, "handshakes done as the client sees it" },
	{ SUBJECT_WORKER, "accepted_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "accepted", 1, 0,
	  "connections taken by accept before the release, not the canary's" },
	{ SUBJECT_WORKER, "served_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER, "served",
	  1, 0, "connections whose first message was echoed" },
	{ SUBJECT_WORKER, "held", "1", RESOURCE_GAUGE, SOURCE_LEDGER, "held", 1, 0,
	  "connections open" },
	{ SUBJECT_WORKER, "in_flight", "1", RESOURCE_GAUGE, SOURCE_LEDGER, "in_flight", 1,
	  0, "connects under way" },
	{ SUBJECT_WORKER, "missed_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER, "missed",
	  1, 0, "schedule slots that could not be started" },
	{ SUBJECT_WORKER, "failed_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER, "failed",
	  1, 0, "attempts that came to nothing" },
	{ SUBJECT_WORKER, "transient_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "transient", 1, 0, "connects that needed a second SYN" },
	{ SUBJECT_WORKER, "lost_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER, "lost", 1,
	  0,
	  "held connections that the other side ended, or that died with their process" },
	{ SUBJECT_WORKER, "released_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "released", 1, 0, "connections closed by order" },
	{ SUBJECT_WORKER, "processes", "1", RESOURCE_GAUGE, SOURCE_LEDGER, "processes", 1,
	  0, "live children" },
	{ SUBJECT_WORKER, "messages_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "messages", 1, 0, "messages sent, by an acceptor: echoed" },
	{ SUBJECT_WORKER, "sent_bytes_total", "bytes", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "sent_bytes", 1, 0, "bytes sent" },
	{ SUBJECT_WORKER, "received_bytes_total", "bytes", RESOURCE_COUNTER,
	  SOURCE_LEDGER, "received_bytes", 1, 0, "bytes received" },
	{ SUBJECT_WORKER, "strangers_total", "1", RESOURCE_COUNTER, SOURCE_LEDGER,
	  "strangers", 1, 0,
	  "connections taken by accept that no client of this run opened" },

	/* group */
	{ SUBJECT_GROUP, "processes", "1", RESOURCE_GAUGE, SOURCE_GROUP, "", 1, 1,
	  "live processes, exact" },
	{ SUBJECT_GROUP, "sampled", "1", RESOURCE_GAUGE, SOURCE_GROUP, "", 1, 0,
	  "of those, read one by one; where fewer, the sums are extrapolated" },
	{ SUBJECT_GROUP, "fds", "1", RESOURCE_GAUGE, SOURCE_GROUP, "fds", 1, 1,
	  "open file descriptors of all" },
	{ SUBJECT_GROUP, "rss_bytes", "bytes", RESOURCE_GAUGE, SOURCE_GROUP, "rss_bytes",
	  1, PAGE, "resident memory of all, shared pages counted in each" },
	{ SUBJECT_GROUP, "private_bytes", "bytes", RESOURCE_GAUGE, SOURCE_GROUP,
	  "private_bytes", 1, PAGE, "memory of their own, every tenth tick" },
	{ SUBJECT_GROUP, "cpu_user_us_total", "us", RESOURCE_COUNTER, SOURCE_GROUP,
	  "cpu_user_us_total", 1, 0, "CPU time in user space of those alive" },
	{ SUBJECT_GROUP, "cpu_system_us_total", "us", RESOURCE_COUNTER, SOURCE_GROUP,
	  "cpu_system_us_total", 1, 0, "CPU time in the kernel of those alive" },
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
