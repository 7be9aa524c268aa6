#include "model/limit.h"

#include <errno.h>
#include <string.h>

#include "model/resource.h"

#define MIB       (INT64_C(1) << 20)

#define IN_CGROUP "it is set on a cgroup of the run's own"

const struct limit_rule limit_rules[] = {
	{
	    .id = "disk-results",
	    .side = "brink",
	    .subject = "recorder",
	    .lasting = true,
	    .display_name = "the disk of the results",
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
	    .display_name = "memory of the cgroup",
	    .advice = "give the cgroup more memory, say @: memory.max (version 2) or"
		      " memory.limit_in_bytes (version 1)",
	    .help =
		"the cgroup's memory limit: the kernel kills a process, no call fails",
	    .inject = {
		{ .index = LIMIT_MEMORY,
		  .name = "memory",
		  .unit = UNIT_BYTES,
		  .min = 4 * MIB,
		  .max = MIB << 20,
		  .scope = IN_CGROUP,
		  .help = "memory of all workers together: memory.max" },
	    },
	    .property = { .key = "MemoryMax", .value = "@" },
	},
	{
	    .id = "memory-host",
	    .side = "server",
	    .subject = "host",
	    .kind = "host",
	    .resource = "available_bytes",
	    .counter = "oom_kills_total",
	    .display_name = "memory of the host",
	    .advice = "give the host more memory, or its processes less to do: the kernel"
		      " chose what to kill (dmesg says why)",
	    .help = "the host's memory: the kernel kills a process, no call fails",
	},
	{
	    .id = "pids-cgroup",
	    .subject = "cgroup",
	    .calls = { { CALL_FORK, EAGAIN } },
	    .kind = "cgroup",
	    .resource = "pids",
	    .counter = "pids_denied_total",
	    .lasting = true,
	    .soft = true,
	    .display_name = "processes of the cgroup",
	    .advice = "raise the cgroup's pids.max, say to @",
	    .help = "the cgroup's limit of processes and threads",
	    .inject = {
		{ .index = LIMIT_PIDS,
		  .name = "pids",
		  .min = 3,
		  .max = 4194304,
		  .scope = IN_CGROUP,
		  .help = "processes of all workers together: pids.max" },
	    },
	    .property = { .key = "TasksMax", .value = "@" },
	},
	{
	    .id = "nproc",
	    .subject = "host",
	    .calls = { { CALL_FORK, EAGAIN } },
	    .kind = "host",
	    .resource = "user_threads",
	    .source = "RLIMIT_NPROC",
	    .lasting = true,
	    .soft = true,
	    .display_name = "processes of this user",
	    .advice =
		"raise RLIMIT_NPROC: ulimit -u @, or LimitNPROC=@ in the systemd unit",
	    .help = "the user's limit of processes and threads, not enforced for root",
	    .inject = {
		{ .index = LIMIT_NPROC,
		  .name = "nproc",
		  .min = 3,
		  .max = 4194304,
		  .help = "processes of the user that the workers run as" },
	    },
	    .ulimit = { .key = "u", .value = "nproc" },
	},
	{
	    .id = "threads-max",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { CALL_FORK, EAGAIN }, { CALL_FORK, ENOMEM } },
	    .kind = "host",
	    .resource = "threads",
	    .source = "kernel.threads-max",
	    .lasting = true,
	    .display_name = "threads of the host",
	    .advice = "sysctl -w kernel.threads-max=@",
	    .help = "the host's limit of threads, over all users",
	    .sysctl = { .key = "kernel.threads-max", .value = "@" },
	},
	{
	    .id = "pid-max",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { CALL_FORK, EAGAIN } },
	    .kind = "host",
	    .resource = "process_ids",
	    .source = "kernel.pid_max",
	    .lasting = true,
	    .soft = true,
	    .display_name = "process ids of the host",
	    .advice = "sysctl -w kernel.pid_max=@",
	    .help = "the host's process ids: each thread takes one",
	    .sysctl = { .key = "kernel.pid_max", .value = "@" },
	},
	{
	    .id = "system-files",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { CALL_ACCEPT, ENFILE }, { CALL_SOCKET, ENFILE } },
	    .kind = "host",
	    .resource = "files",
	    /* Root is let past it. */
	    .soft = true,
	    .lasting = true,
	    .display_name = "open files of the host",
	    .advice = "sysctl -w fs.file-max=@",
	    .help = "the host's limit of open files",
	    .sysctl = { .key = "fs.file-max", .value = "@" },
	},
	{
	    .id = "acceptor-nofile",
	    .side = "server",
	    .role = ROLE_ACCEPTOR,
	    .calls = { { CALL_ACCEPT, EMFILE } },
	    .kind = "process",
	    .resource = "fds",
	    .soft = true,
	    .lasting = true,
	    .display_name = "open files",
	    .advice = "raise RLIMIT_NOFILE of the server: ulimit -n @ in its shell, or"
		      " LimitNOFILE=@ in its systemd unit",
	    .help = "an acceptor's own limit of open files: one per connection",
	    .inject = {
		{ .index = LIMIT_NOFILE_ACCEPTOR,
		  .name = "nofile.acceptor",
		  .min = 16,
		  .max = 1048576,
		  .help = "open files of each acceptor" },
		{ .index = LIMIT_NOFILE_ONE,
		  .name = "nofile.acceptor" LIMIT_NUMBERED,
		  .min = 16,
		  .max = 1048576,
		  .help = "open files of acceptor K alone, from 0 on" },
	    },
	    .ulimit = { .key = "n", .value = "nofile" },
	},
	{
	    .id = "target-nofile",
	    .side = "server",
	    .role = ROLE_TARGET,
	    .kind = "process",
	    .resource = "fds",
	    .soft = true,
	    .lasting = true,
	    .display_name = "open files",
	    .advice = "raise RLIMIT_NOFILE of the server: ulimit -n @ in its shell, or"
		      " LimitNOFILE=@ in its systemd unit, and what it is told itself",
	    .help = "open files of one process of a server that is not brink's own",
	    .inject = {
		{ .index = LIMIT_NOFILE_TARGET,
		  .name = "nofile.target",
		  .min = 16,
		  .max = 1048576,
		  .help = "open files of each process of the target's command" },
	    },
	    .ulimit = { .key = "n", .value = "nofile" },
	    .blind = "the server's own: a run reads it from its processes",
	},
	{
	    .id = "client-nofile",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_SOCKET, EMFILE } },
	    .kind = "process",
	    .resource = "fds",
	    .soft = true,
	    .lasting = true,
	    .display_name = "open files",
	    .advice =
		"give each client process fewer connections (--per-client), or raise"
		" RLIMIT_NOFILE where brink is started: ulimit -n @",
	    .help =
		"a client's own limit of open files: the load ran out, not the server",
	    .inject = {
		{ .index = LIMIT_NOFILE_CLIENT,
		  .name = "nofile.client",
		  .min = 16,
		  .max = 1048576,
		  .help = "open files of each client process" },
	    },
	    .ulimit = { .key = "n", .value = "nofile" },
	},
	{
	    .id = "reserved-ports",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .subject = "netns",
	    .calls = { { CALL_CONNECT, EADDRNOTAVAIL }, { CALL_BIND, EADDRINUSE } },
	    .lasting = true,
	    .display_name = "ephemeral ports that are not reserved",
	    .advice = "use more source addresses (--sources), or reserve fewer ports:"
		      " sysctl net.ipv4.ip_local_reserved_ports",
	    .help =
		"the port range less what net.ipv4.ip_local_reserved_ports keeps back",
	    .sysctl = { .key = "net.ipv4.ip_local_reserved_ports", .value = "" },
	},
	{
	    .id = "time-wait",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .subject = "netns",
	    .calls = { { CALL_CONNECT, EADDRNOTAVAIL }, { CALL_BIND, EADDRINUSE } },
	    .kind = "netns",
	    .resource = "tcp_time_wait",
	    .display_name = "ports in TIME_WAIT",
	    .advice =
		"use more source addresses (--sources), or let the server close first:"
		" TIME_WAIT holds a port for 60 s on the side that closed",
	    .help = "ports that closed connections hold for 60 s",
	    .inject = {
		{ .index = LIMIT_TW_BUCKETS,
		  .name = "tw-buckets",
		  .min = 1,
		  .max = 1048576,
		  .sysctl = "net.ipv4.tcp_max_tw_buckets",
		  .scope = "the TIME_WAIT table belongs to a network namespace",
		  .help = "connections in TIME_WAIT" },
	    },
	    .sysctl = { .key = "net.ipv4.tcp_max_tw_buckets", .value = "@" },
	},
	{
	    .id = "ephemeral-ports",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .subject = "clients",
	    .calls = { { CALL_CONNECT, EADDRNOTAVAIL }, { CALL_BIND, EADDRINUSE } },
	    .kind = "group",
	    .resource = "held",
	    .lasting = true,
	    .display_name = "ephemeral ports",
	    .advice = "use more source addresses (--sources), or more ports:"
		      " sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"",
	    .help = "ports for outgoing connections, of each source address to one server"
		    " address: the load ran out, not the server",
	    .inject = {
		{ .index = LIMIT_PORTS,
		  .name = "ports",
		  .min = 1,
		  .max = 64511,
		  .sysctl = "net.ipv4.ip_local_port_range",
		  .scope = "the port range belongs to a network namespace",
		  .help = "ephemeral ports of a source address" },
	    },
	    .sysctl = { .key = "net.ipv4.ip_local_port_range", .value = "1024 65535" },
	},
	{
	    .id = "port-search",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .subject = "clients",
	    .lasting = true,
	    .display_name = "ephemeral ports",
	    .advice =
		"use more source addresses (--sources auto): each then stays under half"
		" of its ports",
	    .help =
		"connect(2) grows slow once half of the ports to one server are taken:"
		" the load ran out, not the server",
	    .sysctl = { .key = "net.ipv4.ip_local_port_range", .value = "1024 65535" },
	},
	{
	    .id = "closed-port",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .subject = "host",
	    .calls = { { CALL_CONNECT, ECONNREFUSED } },
	    .kind = "netns",
	    .counter = "out_resets_total",
	    .lasting = true,
	    .display_name = "the port",
	    .advice = "start the server, or give the port that it listens on (--port)",
	    .help = "no listener on the port: reported, although it is not a limit",
	    .blind = "no listener on the port: a run finds out",
	},
	/* What finds no room there is dropped on the way, too: the narrower cause stands first. */
	{
	    .id = "conntrack",
	    .side = "kernel",
	    .subject = "netns",
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "netns",
	    .resource = "conntrack_entries",
	    .lasting = true,
	    .display_name = "tracked connections",
	    .advice = "sysctl -w net.netfilter.nf_conntrack_max=@",
	    .help = "the firewall's table of connections: what finds no room is dropped",
	    .inject = {
		/* nf_conntrack_standalone.c makes it read-only but in the first namespace. */
		{ .index = LIMIT_CONNTRACK,
		  .name = "conntrack",
		  .min = 1,
		  .max = 4194304,
		  .refused = "net.netfilter.nf_conntrack_max is one for the "
			  "whole host, read-only in a network namespace",
		  .help = "connections that netfilter tracks" },
	    },
	    .sysctl = { .key = "net.netfilter.nf_conntrack_max", .value = "@" },
	},
	{
	    .id = "shared-port",
	    .side = "server",
	    .subject = "port",
	    .lasting = true,
	    .display_name = "the port",
	    .advice = "end the other process, or give a port of the run's own (--port):"
		      " ss -ltnp shows who listens",
	    .help = "another process listens on the server's port: the kernel shares the"
		    " connections out",
	    .blind = "others that join the port later: a run looks for them",
	},
	{
	    .id = "firewall",
	    .side = "kernel",
	    .role = ROLE_CLIENT,
	    .subject = "netns",
	    .calls = { { CALL_CONNECT, ETIMEDOUT },
		       { CALL_CONNECT, ECONNREFUSED },
		       { CALL_CONNECT, EHOSTUNREACH },
		       { CALL_CONNECT, ENETUNREACH },
		       { CALL_CONNECT, EACCES },
		       { CALL_CONNECT, EPERM },
		       /* a route that is a black hole: ip-route(8) */
		       { CALL_CONNECT, EINVAL } },
	    .kind = "netns",
	    .counter = "listen_drops_total",
	    .display_name = "the way to the listener",
	    .advice = "look at the rules and routes between client and server: nft list"
		      " ruleset, ip route get, and the local policy (SELinux, cgroup"
		      " programs)",
	    .help = "a rule of the firewall, a route or a local policy that drops or"
		    " refuses handshakes",
	    .blind = "rules have no number: a run compares what was sent and received",
	},
	{
	    .id = "acceptor-died",
	    .side = "server",
	    .role = ROLE_ACCEPTOR,
	    .display_name = "acceptors",
	    .advice = "find out why it ended: its messages, dmesg, and the signal above",
	    .help = "an acceptor ended that brink did not stop",
	    .blind = "of the server's own making: a run finds out",
	},
	{
	    .id = "target-died",
	    .side = "server",
	    .display_name = "the target",
	    .advice = "find out why it ended: its output, dmesg, and what stood near its"
		      " limit at the last sample",
	    .help = "the target ended, or nobody listens on its address any more",
	    .blind = "of the server's own making: a run finds out",
	},
	{
	    .id = "protocol-mismatch",
	    .side = "client",
	    .role = ROLE_CLIENT,
	    .subject = "target",
	    .calls = { { CALL_SERVE, EPROTO }, { CALL_SERVE, ECONNRESET } },
	    .lasting = true,
	    .display_name = "the protocol",
	    .advice = "give the protocol that the target speaks: --protocol",
	    .help = "the target serves nobody in the protocol that was asked for: no limit",
	    .blind = "no limit: a run finds out",
	},
	{
	    .id = "application-limit",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .subject = "target",
	    .calls = { { CALL_SERVE, EPROTO }, { CALL_SERVE, ECONNRESET } },
	    .lasting = true,
	    .display_name = "connections of the target",
	    .advice = "raise the maximum in the target's own configuration: no limit of"
		      " the system was met",
	    .help = "a maximum of the server's own: it accepts newcomers and refuses them",
	    .blind = "the server's own: a run finds out",
	},
	{
	    .id = "idle-timeout",
	    .side = "server",
	    .subject = "target",
	    .lasting = true,
	    .display_name = "idle time",
	    .advice = "raise the target's own idle or keep-alive time-out, or let the"
		      " clients say something before it is up",
	    .help = "the server ends connections that were idle for its time-out",
	    .blind = "a time, not a number of connections: a run finds out",
	},
	{
	    .id = "evicts-idle",
	    .side = "server",
	    .subject = "target",
	    .lasting = true,
	    .display_name = "connections of the target",
	    .advice = "raise the maximum in the target's own configuration: it ends held"
		      " connections for newcomers",
	    .help = "a maximum of the server's own: it ends held connections for newcomers",
	    .blind = "the server's own: a run finds out",
	},
	{
	    .id = "address-space",
	    .side = "server",
	    .role = ROLE_ACCEPTOR,
	    .calls = { { CALL_MEMORY, ENOMEM } },
	    .kind = "process",
	    .resource = "vm_bytes",
	    .source = "RLIMIT_AS",
	    .lasting = true,
	    .soft = true,
	    .display_name = "address space",
	    .advice =
		"raise RLIMIT_AS of the server: ulimit -v, or LimitAS= in its systemd"
		" unit",
	    .help = "an acceptor's own limit of address space",
	    .inject = {
		{ .index = LIMIT_ADDRESS_SPACE,
		  .name = "address-space",
		  .unit = UNIT_BYTES,
		  .min = 16 * MIB,
		  .max = MIB << 20,
		  .help = "address space of each acceptor" },
	    },
	    .ulimit = { .key = "v", .value = "as", .scale = 1024 },
	},
	{
	    .id = "commit-limit",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { CALL_MEMORY, ENOMEM }, { CALL_FORK, ENOMEM } },
	    .kind = "host",
	    .resource = "committed_bytes",
	    .lasting = true,
	    .soft = true,
	    .display_name = "committed memory of the host",
	    .advice = "let the kernel promise more memory: sysctl -w"
		      " vm.overcommit_memory=0, or a higher vm.overcommit_ratio",
	    .help = "what the kernel may promise to processes, where"
		    " vm.overcommit_memory is 2",
	    .sysctl = { .key = "vm.overcommit_memory", .value = "0" },
	},
	{
	    .id = "tcp-memory",
	    .side = "kernel",
	    .subject = "host",
	    .calls = { { CALL_CONNECT, ETIMEDOUT }, { CALL_SEND, ENOBUFS } },
	    .kind = "host",
	    .resource = "tcp_memory_bytes",
	    .counter = "memory_pressures_total",
	    .counter_kind = "netns",
	    .soft = true,
	    .display_name = "socket buffers of TCP",
	    .advice =
		"raise the third number of net.ipv4.tcp_mem (pages), or let less data"
		" wait in sockets",
	    .help = "the memory that all TCP sockets of the host may have together",
	    .inject = {
		{ .index = LIMIT_TCP_MEM,
		  .name = "tcp_mem",
		  .unit = UNIT_BYTES,
		  .min = 1,
		  .max = MIB << 20,
		  .refused = "net.ipv4.tcp_mem is one for the whole host, no "
			  "network namespace has its own",
		  .help = "memory of all TCP sockets" },
	    },
	    .sysctl = { .key = "net.ipv4.tcp_mem", .value = "@ @ @", .scale = 4096 },
	},
	{
	    .id = "receive-window",
	    .side = "server",
	    .subject = "acceptors",
	    .kind = "netns",
	    .counter = "zero_windows_total",
	    .follows = true,
	    .display_name = "receive windows",
	    .advice = "find out why the server does not read what it is sent",
	    .help = "the server holds connections and reads nothing: sends stop",
	    .blind = "what waits unread in a socket: a run finds out",
	},
	{
	    .id = "segment-loss",
	    .side = "kernel",
	    .subject = "netns",
	    .kind = "netns",
	    .calls = { { CALL_RECV, ETIMEDOUT } },
	    .counter = "retransmitted_segments_total",
	    .display_name = "TCP segments",
	    .advice = "look at the rules and queues between client and server: nft list"
		      " ruleset, tc -s qdisc",
	    .help = "data or answers that are dropped on the way: connections are there,"
		    " and wait",
	    .blind = "what is lost on the way: a run compares what was sent and received",
	},
	{
	    .id = "connection-resets",
	    .side = "kernel",
	    .subject = "netns",
	    .calls = { { CALL_CONNECT, ECONNRESET },
		       { CALL_RECV, ECONNRESET },
		       { CALL_RECV, ECONNABORTED },
		       { CALL_SEND, ECONNRESET } },
	    .kind = "netns",
	    .counter = "established_resets_total",
	    .display_name = "connections",
	    .advice = "look at the rules between client and server: nft list ruleset,"
		      " and at what else ends sockets: ss -K",
	    .help = "connections that are reset although neither side closed them: by a"
		    " firewall on the way, or by a tool that ends sockets",
	    .blind = "what happens on the way: a run finds out",
	},
	{
	    .id = "acceptor-stuck",
	    .side = "server",
	    .role = ROLE_ACCEPTOR,
	    .lasting = true,
	    .follows = true,
	    .display_name = "acceptors",
	    .advice = "find out what the server waits for: its stack, and whether it was"
		      " stopped by a signal or a debugger",
	    .help = "connections wait, the acceptor takes none and uses no CPU",
	    .blind = "of the server's own making: a run finds out",
	},
	{
	    .id = "queue-without-accept",
	    .side = "server",
	    .lasting = true,
	    .follows = true,
	    .display_name = "the target",
	    .advice = "find out what the server waits for: its stack, its own maximum,"
		      " and whether it was stopped by a signal or a debugger",
	    .help = "connections wait, the target takes none and uses no CPU",
	    .blind = "of the server's own making: a run finds out",
	},
	{
	    .id = "cpu-quota",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "cgroup",
	    .counter = "throttled_periods_total",
	    .display_name = "CPU time of the cgroup",
	    .advice = "give the cgroup more CPU time: cpu.max (version 2) or"
		      " cpu.cfs_quota_us (version 1)",
	    .help = "the cgroup's CPU quota: the server waits, though no core is full",
	    .blind = "how fast the cgroup may work, not how many it may hold",
	},
	{
	    .id = "memory-high",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "cgroup",
	    .counter = "memory_slowed_total",
	    .display_name = "memory.high of the cgroup",
	    .advice = "raise the cgroup's memory.high, or set memory.max alone: from"
		      " memory.high on the kernel slows processes instead of killing one",
	    .help = "the memory from which the kernel slows the cgroup's processes"
		    " (version 2): no call fails",
	    .blind = "from there on processes are slowed: a run finds out",
	},
	{
	    .id = "acceptor-busy",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .display_name = "CPU time",
	    .advice = "let more processes accept (--acceptors), or do less for each"
		      " connection",
	    .help = "the acceptors have no CPU time left, and connections wait for them",
	    .blind = "how fast the server accepts, not how many it holds",
	},
	{
	    .id = "target-busy",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .display_name = "CPU time",
	    .advice = "let more processes or threads of the server work, or less be done"
		      " for each connection",
	    .help = "a process of the target has no CPU time left, and connections wait",
	    .blind = "how fast the server works, not how many it holds",
	},
	{
	    .id = "service-stops",
	    .side = "server",
	    .subject = "target",
	    .follows = true,
	    .display_name = "answers",
	    .advice = "find out why the server does not answer what it has accepted: its"
		      " workers, threads, and what they wait for",
	    .help = "the target accepts connections and does not answer them",
	    .blind = "of the server's own making: a run finds out",
	},
	{
	    .id = "syn-queue",
	    .side = "kernel",
	    .role = ROLE_CLIENT,
	    .subject = "listener 0",
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "netns",
	    .counter = "listen_drops_total",
	    .follows = true,
	    .display_name = "the SYN queue",
	    .advice =
		"sysctl -w net.ipv4.tcp_max_syn_backlog, or net.ipv4.tcp_syncookies=1",
	    .help = "handshakes that wait for their last packet",
	    .inject = {
		{ .index = LIMIT_SYN_BACKLOG,
		  .name = "syn-backlog",
		  .min = 1,
		  .max = 1048576,
		  .sysctl = "net.ipv4.tcp_max_syn_backlog",
		  .scope = "the SYN queue's length belongs to a network "
			  "namespace",
		  .help = "handshakes under way at a listener" },
	    },
	    .sysctl = { .key = "net.ipv4.tcp_max_syn_backlog", .value = "@" },
	},
	{
	    .id = "somaxconn",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "listener",
	    .resource = "queue",
	    .counter = "listen_overflows_total",
	    .follows = true,
	    .display_name = "accept queue",
	    .advice =
		"sysctl -w net.core.somaxconn=@: it cut the backlog that was asked for",
	    .help = "net.core.somaxconn, which cuts every backlog",
	    .inject = {
		{ .index = LIMIT_SOMAXCONN,
		  .name = "somaxconn",
		  .min = 1,
		  .max = 65535,
		  .sysctl = "net.core.somaxconn",
		  .scope = "the largest backlog belongs to a network namespace",
		  .help = "largest backlog" },
	    },
	    .sysctl = { .key = "net.core.somaxconn", .value = "@" },
	},
	{
	    .id = "accept-queue",
	    .side = "server",
	    .role = ROLE_CLIENT,
	    .calls = { { CALL_CONNECT, ETIMEDOUT } },
	    .kind = "listener",
	    .resource = "queue",
	    .counter = "listen_overflows_total",
	    .follows = true,
	    .display_name = "accept queue",
	    .advice =
		"accept faster (more acceptors), or let more wait: a larger backlog in"
		" listen(2) and sysctl -w net.core.somaxconn=@",
	    .help = "connections that wait for accept(2): backlog + 1 at most",
	    .inject = {
		{ .index = LIMIT_BACKLOG,
		  .name = "backlog",
		  .min = 1,
		  .max = 65535,
		  .help = "backlog of the listener, instead of --backlog" },
	    },
	},
};

const size_t limit_rule_count = sizeof(limit_rules) / sizeof(limit_rules[0]);

/* What a person calls a resource that a rule is about: "open files" for "fds"; else the resource
 * itself. */
static const char *
limit_rule_display_name(const char *resource)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].resource != NULL &&
		    strcmp(limit_rules[i].resource, resource) == 0)
			return limit_rules[i].display_name;
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
	return rule->resource != NULL ? display_name_unit(rule->resource) : UNIT_COUNT;
}

const struct limit_rule *
limit_rule_find(const char *id)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		if (strcmp(limit_rules[i].id, id) == 0)
			return &limit_rules[i];
	return NULL;
}

const struct limit_spec *
limit_spec(enum limit_name name)
{
	for (size_t i = 0; i < limit_rule_count; i++)
		for (size_t k = 0; k < LIMIT_INJECTIONS; k++) {
			const struct limit_spec *spec = &limit_rules[i].inject[k];

			if (spec->name != NULL && spec->index == name)
				return spec;
		}
	/* A test holds that each has one. */
	return NULL;
}

/* "nofile.acceptor.12" is "nofile.acceptor.K" and 12. */
static bool
is_numbered(const char *candidate, const char *name, size_t length, int64_t *number)
{
	size_t stem = strlen(candidate) - strlen(LIMIT_NUMBERED) + 1;
	char digits[8];

	if (strcmp(candidate + stem - 1, LIMIT_NUMBERED) != 0 || length <= stem ||
	    strncmp(candidate, name, stem) != 0 || length - stem >= sizeof(digits))
		return false;
	memcpy(digits, name + stem, length - stem);
	digits[length - stem] = '\0';
	return units_parse(UNIT_COUNT, digits, number) == NULL;
}

int
limit_find(const char *name, size_t length, int64_t *number)
{
	for (int i = 0; i < LIMIT_COUNT; i++) {
		const char *candidate = limit_spec((enum limit_name)i)->name;

		if (is_numbered(candidate, name, length, number))
			return i;
		*number = -1;
		if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0' &&
		    i != LIMIT_NOFILE_ONE)
			return i;
	}
	return -1;
}

/* What is computed from samples and named like a resource. */
static const struct {
	const char *name, *display_name;
	enum unit unit;
} computed[] = {
	{ "broke_held", "connections at the break", UNIT_COUNT },
	{ "settled_us", "time until all was back", UNIT_US },
};

#define COMPUTED (sizeof(computed) / sizeof(computed[0]))

const char *
display_name_of(const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (resources[i].display_name != NULL &&
		    strcmp(resources[i].name, resource) == 0)
			return resources[i].display_name;
	for (size_t i = 0; i < COMPUTED; i++)
		if (strcmp(computed[i].name, resource) == 0)
			return computed[i].display_name;
	return limit_rule_display_name(resource);
}

enum unit
display_name_unit(const char *resource)
{
	for (size_t i = 0; i < resource_count; i++)
		if (strcmp(resources[i].name, resource) == 0)
			return resources[i].unit;
	for (size_t i = 0; i < COMPUTED; i++)
		if (strcmp(computed[i].name, resource) == 0)
			return computed[i].unit;
	return UNIT_COUNT;
}
