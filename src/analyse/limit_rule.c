#include "analyse/limit_rule.h"

#include <errno.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/headroom.h"
#include "analyse/symptom.h"

/* Causes stand before what follows from them: of two suspects at one instant the first
 * is to blame. */
const struct limit_rule limit_rules[] = {
	{
	    .id = "disk-results",
	    .side = "brink",
	    .subject = "recorder",
	    .lasting = true,
	    .noun = "the disk of the results",
	    .symptom = symptom_disk,
	    .evidence = evidence_disk,
	    .advice = "make room where the database lies, or put it elsewhere: --db FILE",
	    .help =
		"the disk that brink stores on: the run ends, the server is not to blame",
	},
	{
	    .id = "memory-cgroup",
	    .side = "server",
	    .subject = "cgroup",
	    .kind = "cgroup",
	    .resource = "memory_bytes",
	    .counter = "oom_kills_total",
	    .noun = "memory of the cgroup",
	    .symptom = symptom_killed,
	    .evidence = evidence_killed,
	    .headroom = headroom_gauge,
	    .advice = "give the cgroup more memory, say @: memory.max (version 2) or"
		      " memory.limit_in_bytes (version 1)",
	    .help =
		"the cgroup's memory limit: the kernel kills a process, no call fails",
	},
	{
	    .id = "memory-host",
	    .side = "server",
	    .subject = "host",
	    .kind = "host",
	    .resource = "available_bytes",
	    .counter = "oom_kills_total",
	    .noun = "memory of the host",
	    .symptom = symptom_killed,
	    .evidence = evidence_killed_by_host,
	    .advice = "give the host more memory, or its processes less to do: the kernel"
		      " chose what to kill (dmesg says why)",
	    .help = "the host's memory: the kernel kills a process, no call fails",
	},
	{
	    .id = "pids-cgroup",
	    .subject = "cgroup",
	    .calls = { { "fork", EAGAIN } },
	    .kind = "cgroup",
	    .resource = "pids",
	    .counter = "pids_denied_total",
	    .lasting = true,
	    .noun = "processes of the cgroup",
	    .symptom = symptom_call,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice = "raise the cgroup's pids.max, say to @",
	    .help = "the cgroup's limit of processes and threads",
	},
	{
	    .id = "nproc",
	    .subject = "host",
	    .calls = { { "fork", EAGAIN } },
	    .lasting = true,
	    .noun = "processes of this user",
	    .symptom = symptom_call,
	    .evidence = evidence_processes,
	    .headroom = headroom_processes,
	    .advice =
		"raise RLIMIT_NPROC: ulimit -u @, or LimitNPROC=@ in the systemd unit",
	    .help = "the user's limit of processes and threads, not enforced for root",
	},
	{
	    .id = "threads-max",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { "fork", EAGAIN }, { "fork", ENOMEM } },
	    .kind = "host",
	    .resource = "threads",
	    .source = "kernel.threads-max",
	    .lasting = true,
	    .noun = "threads of the host",
	    .symptom = symptom_call,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice = "sysctl -w kernel.threads-max=@",
	    .help = "the host's limit of threads, over all users",
	},
	{
	    .id = "pid-max",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { "fork", EAGAIN } },
	    .kind = "host",
	    .resource = "threads",
	    .source = "kernel.pid_max",
	    .lasting = true,
	    .noun = "process ids of the host",
	    .symptom = symptom_call,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice = "sysctl -w kernel.pid_max=@",
	    .help = "the host's process ids: each thread takes one",
	},
	{
	    .id = "system-files",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { "accept4", ENFILE }, { "socket", ENFILE } },
	    .kind = "host",
	    .resource = "files",
	    .lasting = true,
	    .noun = "open files of the host",
	    .symptom = symptom_call,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice = "sysctl -w fs.file-max=@",
	    .help = "the host's limit of open files",
	},
	{
	    .id = "acceptor-nofile",
	    .side = "server",
	    .role = "acceptor",
	    .calls = { { "accept4", EMFILE } },
	    .kind = "process",
	    .resource = "fds",
	    .lasting = true,
	    .noun = "open files",
	    .symptom = symptom_acceptors,
	    .evidence = evidence_descriptors,
	    .headroom = headroom_gauge,
	    .advice = "raise RLIMIT_NOFILE of the server: ulimit -n @ in its shell, or"
		      " LimitNOFILE=@ in its systemd unit",
	    .help = "an acceptor's own limit of open files: one a connection",
	},
	{
	    .id = "client-nofile",
	    .side = "client",
	    .role = "client",
	    .calls = { { "socket", EMFILE } },
	    .kind = "process",
	    .resource = "fds",
	    .lasting = true,
	    .noun = "open files",
	    .symptom = symptom_call,
	    .evidence = evidence_descriptors,
	    .headroom = headroom_gauge,
	    .advice =
		"give each client process fewer connections (--per-client), or raise"
		" RLIMIT_NOFILE where brink is started: ulimit -n @",
	    .help =
		"a client's own limit of open files: the load ran out, not the server",
	},
	{
	    .id = "reserved-ports",
	    .side = "client",
	    .role = "client",
	    .subject = "netns",
	    .calls = { { "connect", EADDRNOTAVAIL }, { "bind", EADDRINUSE } },
	    .lasting = true,
	    .noun = "ephemeral ports that are not reserved",
	    .symptom = symptom_call,
	    .evidence = evidence_reserved,
	    .advice = "use more source addresses (--sources), or reserve fewer ports:"
		      " sysctl net.ipv4.ip_local_reserved_ports",
	    .help =
		"the port range less what net.ipv4.ip_local_reserved_ports keeps back",
	},
	{
	    .id = "time-wait",
	    .side = "client",
	    .role = "client",
	    .subject = "netns",
	    .calls = { { "connect", EADDRNOTAVAIL }, { "bind", EADDRINUSE } },
	    .kind = "netns",
	    .resource = "tcp_time_wait",
	    .noun = "ports in TIME_WAIT",
	    .symptom = symptom_call,
	    .evidence = evidence_time_wait,
	    .advice =
		"use more source addresses (--sources), or let the server close first:"
		" TIME_WAIT holds a port for 60 s on the side that closed",
	    .help = "ports that closed connections hold for 60 s",
	},
	{
	    .id = "ephemeral-ports",
	    .side = "client",
	    .role = "client",
	    .subject = "clients",
	    .calls = { { "connect", EADDRNOTAVAIL }, { "bind", EADDRINUSE } },
	    .kind = "group",
	    .resource = "held",
	    .lasting = true,
	    .noun = "ephemeral ports",
	    .symptom = symptom_call,
	    .evidence = evidence_ports,
	    .headroom = headroom_ports,
	    .advice = "use more source addresses (--sources), or more ports:"
		      " sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"",
	    .help = "ports for outgoing connections, of each source address to one server"
		    " address: the load ran out, not the server",
	},
	{
	    .id = "port-search",
	    .side = "client",
	    .role = "client",
	    .subject = "clients",
	    .lasting = true,
	    .noun = "ephemeral ports",
	    .symptom = symptom_missed,
	    .evidence = evidence_port_search,
	    .advice =
		"use more source addresses (--sources auto): each then stays under half"
		" of its ports",
	    .help =
		"connect(2) grows slow once half of the ports to one server are taken:"
		" the load ran out, not the server",
	},
	{
	    .id = "closed-port",
	    .side = "server",
	    .role = "client",
	    .subject = "host",
	    .calls = { { "connect", ECONNREFUSED } },
	    .kind = "netns",
	    .counter = "out_resets_total",
	    .lasting = true,
	    .noun = "the port",
	    .symptom = symptom_refused,
	    .evidence = evidence_refused,
	    .advice = "start the server, or give the port that it listens on (--port)",
	    .help = "no listener on the port: not a limit, and said as such",
	},
	{
	    .id = "firewall",
	    .side = "kernel",
	    .role = "client",
	    .subject = "netns",
	    .calls = { { "connect", ETIMEDOUT }, { "connect", ECONNREFUSED } },
	    .kind = "netns",
	    .counter = "listen_drops_total",
	    .noun = "the way to the listener",
	    .symptom = symptom_timeout,
	    .evidence = evidence_firewall,
	    .advice = "look at the rules between client and server: nft list ruleset",
	    .help = "a rule of the firewall that drops or refuses handshakes",
	},
	{
	    .id = "acceptor-died",
	    .side = "server",
	    .role = "acceptor",
	    .noun = "acceptors",
	    .symptom = symptom_death,
	    .evidence = evidence_death,
	    .headroom = headroom_deaths,
	    .advice = "find out why it ended: its messages, dmesg, and the signal above",
	    .help = "an acceptor ended although nobody told it to",
	},
	{
	    .id = "address-space",
	    .side = "server",
	    .role = "acceptor",
	    .calls = { { "malloc", ENOMEM } },
	    .kind = "process",
	    .resource = "vm_bytes",
	    .source = "RLIMIT_AS",
	    .lasting = true,
	    .noun = "address space",
	    .symptom = symptom_call,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice =
		"raise RLIMIT_AS of the server: ulimit -v, or LimitAS= in its systemd"
		" unit",
	    .help = "an acceptor's own limit of address space",
	},
	{
	    .id = "tcp-memory",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { "connect", ETIMEDOUT }, { "send", ENOBUFS } },
	    .kind = "host",
	    .resource = "tcp_memory_bytes",
	    .counter = "memory_pressures_total",
	    .counter_kind = "netns",
	    .noun = "socket buffers of TCP",
	    .symptom = symptom_timeout,
	    .evidence = evidence_counted,
	    .headroom = headroom_gauge,
	    .advice =
		"raise the third number of net.ipv4.tcp_mem (pages), or let less data"
		" wait in sockets",
	    .help = "the memory that all TCP sockets of the host may have together",
	},
	{
	    .id = "conntrack",
	    .side = "kernel",
	    .subject = "netns",
	    .calls = { { "connect", ETIMEDOUT } },
	    .kind = "netns",
	    .resource = "conntrack_entries",
	    .lasting = true,
	    .noun = "tracked connections",
	    .symptom = symptom_timeout,
	    .evidence = evidence_gauge,
	    .headroom = headroom_gauge,
	    .advice = "sysctl -w net.netfilter.nf_conntrack_max=@",
	    .help = "the firewall's table of connections: what finds no room is dropped",
	},
	{
	    .id = "receive-window",
	    .side = "server",
	    .subject = "acceptors",
	    .kind = "netns",
	    .counter = "zero_windows_total",
	    .noun = "receive windows",
	    .symptom = symptom_silent,
	    .evidence = evidence_window,
	    .advice = "find out why the server does not read what it is sent",
	    .help = "the server holds connections and reads nothing: sends stop",
	},
	{
	    .id = "acceptor-stuck",
	    .side = "server",
	    .role = "acceptor",
	    .noun = "acceptors",
	    .symptom = symptom_stuck,
	    .evidence = evidence_stuck,
	    .advice = "find out what the server waits for: its stack, and whether it was"
		      " stopped by a signal or a debugger",
	    .help = "connections wait, the acceptor takes none and uses no CPU",
	},
	{
	    .id = "cpu-quota",
	    .side = "server",
	    .role = "client",
	    .calls = { { "connect", ETIMEDOUT } },
	    .kind = "cgroup",
	    .counter = "throttled_periods_total",
	    .noun = "CPU time of the cgroup",
	    .symptom = symptom_busy,
	    .evidence = evidence_quota,
	    .advice = "give the cgroup more CPU time: cpu.max (version 2) or"
		      " cpu.cfs_quota_us (version 1)",
	    .help = "the cgroup's CPU quota: the server waits, though no core is full",
	},
	{
	    .id = "acceptor-busy",
	    .side = "server",
	    .role = "client",
	    .calls = { { "connect", ETIMEDOUT } },
	    .noun = "CPU time",
	    .symptom = symptom_busy,
	    .evidence = evidence_busy,
	    .advice = "let more processes accept (--acceptors), or do less for each"
		      " connection",
	    .help = "the acceptors have no CPU time left, and connections wait for them",
	},
	{
	    .id = "syn-queue",
	    .side = "kernel",
	    .role = "client",
	    .subject = "listener 0",
	    .calls = { { "connect", ETIMEDOUT } },
	    .kind = "netns",
	    .counter = "listen_drops_total",
	    .noun = "the SYN queue",
	    .symptom = symptom_timeout,
	    .evidence = evidence_syn_queue,
	    .advice =
		"sysctl -w net.ipv4.tcp_max_syn_backlog, or net.ipv4.tcp_syncookies=1",
	    .help = "handshakes that wait for their last packet",
	},
	{
	    .id = "somaxconn",
	    .side = "server",
	    .role = "client",
	    .calls = { { "connect", ETIMEDOUT } },
	    .kind = "listener",
	    .resource = "queue",
	    .counter = "listen_overflows_total",
	    .noun = "accept queue",
	    .symptom = symptom_queue,
	    .evidence = evidence_somaxconn,
	    .advice =
		"sysctl -w net.core.somaxconn=@: it cut the backlog that was asked for",
	    .help = "net.core.somaxconn, which cuts every backlog",
	},
	{
	    .id = "accept-queue",
	    .side = "server",
	    .role = "client",
	    .calls = { { "connect", ETIMEDOUT } },
	    .kind = "listener",
	    .resource = "queue",
	    .counter = "listen_overflows_total",
	    .noun = "accept queue",
	    .symptom = symptom_queue,
	    .evidence = evidence_queue,
	    .headroom = headroom_queue,
	    .advice =
		"accept faster (more acceptors), or let more wait: a larger backlog in"
		" listen(2) and sysctl -w net.core.somaxconn=@",
	    .help = "connections that wait for accept(2): backlog + 1 at most",
	},
};

const size_t limit_rule_count = sizeof(limit_rules) / sizeof(limit_rules[0]);

const char *
limit_rule_noun(const char *resource)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].resource != NULL &&
		    strcmp(limit_rules[i].resource, resource) == 0)
			return limit_rules[i].noun;
	return resource;
}

void
limit_rule_advice(const struct limit_rule *rule, const char *value, char *buf,
		  size_t size)
{
	buf[0] = '\0';
	for (const char *p = rule->advice; *p != '\0'; p++) {
		const char one[2] = { *p, '\0' };

		strlcat(buf, *p == '@' ? value : one, size);
	}
}

enum unit
limit_rule_unit(const struct limit_rule *rule)
{
	bool is_bytes = rule->resource != NULL && strstr(rule->resource, "bytes") != NULL;

	return is_bytes ? UNIT_BYTES : UNIT_COUNT;
}

const struct limit_rule *
limit_rule_find(const char *id)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (strcmp(limit_rules[i].id, id) == 0)
			return &limit_rules[i];
	return NULL;
}
