#include "plan/limit.h"

#include <string.h>

#define PORT_FIRST 20000 /* of the range, where it fits there */
#define PORT_MIN   1024  /* ports below are privileged: ip_unprivileged_port_start */
#define PORT_MAX   65535
#define MIB        (INT64_C(1) << 20)

#define IN_CGROUP  "it is set on a cgroup of the run's own"

const struct limit_spec limit_specs[LIMIT_COUNT] = {
	[LIMIT_NOFILE_ACCEPTOR] = { .name = "nofile.acceptor",
				    .min = 16,
				    .max = 1048576,
				    .help = "open files of each acceptor" },
	[LIMIT_NOFILE_ONE] = { .name = "nofile.acceptor" LIMIT_NUMBERED,
			       .min = 16,
			       .max = 1048576,
			       .help = "open files of acceptor K alone, from 0 on" },
	[LIMIT_NOFILE_CLIENT] = { .name = "nofile.client",
				  .min = 16,
				  .max = 1048576,
				  .help = "open files of each client process" },
	[LIMIT_PORTS] = { .name = "ports",
			  .min = 1,
			  .max = 64511,
			  .sysctl = "net.ipv4.ip_local_port_range",
			  .scope = "the port range belongs to a network namespace",
			  .help = "ephemeral ports of a source address" },
	[LIMIT_BACKLOG] = { .name = "backlog",
			    .min = 1,
			    .max = 65535,
			    .help = "backlog of the listener, instead of --backlog" },
	[LIMIT_SOMAXCONN] = { .name = "somaxconn",
			      .min = 1,
			      .max = 65535,
			      .sysctl = "net.core.somaxconn",
			      .scope =
				  "the largest backlog belongs to a network namespace",
			      .help = "largest backlog" },
	[LIMIT_SYN_BACKLOG] = { .name = "syn-backlog",
				.min = 1,
				.max = 1048576,
				.sysctl = "net.ipv4.tcp_max_syn_backlog",
				.scope = "the SYN queue's length belongs to a network "
					 "namespace",
				.help = "handshakes under way at a listener" },
	[LIMIT_TW_BUCKETS] = { .name = "tw-buckets",
			       .min = 1,
			       .max = 1048576,
			       .sysctl = "net.ipv4.tcp_max_tw_buckets",
			       .scope =
				   "the TIME_WAIT table belongs to a network namespace",
			       .help = "connections in TIME_WAIT" },
	[LIMIT_PIDS] = { .name = "pids",
			 .min = 3,
			 .max = 4194304,
			 .scope = IN_CGROUP,
			 .help = "processes of all workers together: pids.max" },
	[LIMIT_MEMORY] = { .name = "memory",
			   .unit = UNIT_BYTES,
			   .min = 4 * MIB,
			   .max = MIB << 20,
			   .scope = IN_CGROUP,
			   .help = "memory of all workers together: memory.max" },
	[LIMIT_NPROC] = { .name = "nproc",
			  .min = 3,
			  .max = 4194304,
			  .help = "processes of the user that the workers run as" },
	[LIMIT_ADDRESS_SPACE] = { .name = "address-space",
				  .unit = UNIT_BYTES,
				  .min = 16 * MIB,
				  .max = MIB << 20,
				  .help = "address space of each acceptor" },
	/* nf_conntrack_standalone.c makes it read-only but in the first namespace. */
	[LIMIT_CONNTRACK] = { .name = "conntrack",
			      .min = 1,
			      .max = 4194304,
			      .refused = "net.netfilter.nf_conntrack_max is one for the "
					 "whole host, read-only in a network namespace",
			      .help = "connections that netfilter tracks" },
	[LIMIT_TCP_MEM] = { .name = "tcp_mem",
			    .unit = UNIT_BYTES,
			    .min = 1,
			    .max = MIB << 20,
			    .refused = "net.ipv4.tcp_mem is one for the whole host, no "
				       "network namespace has its own",
			    .help = "memory of all TCP sockets" },
};

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
		const char *candidate = limit_specs[i].name;

		if (is_numbered(candidate, name, length, number))
			return i;
		*number = -1;
		if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0' &&
		    i != LIMIT_NOFILE_ONE)
			return i;
	}
	return -1;
}

int
limit_port_range(int64_t ports, int64_t port, int *low, int *high)
{
	/* Where the range may begin: as wished, else as high as it fits, else just above
	 * or just below the port. */
	const int64_t starts[] = { PORT_FIRST, PORT_MAX + 1 - ports, port + 1,
				   port - ports };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		int64_t first = starts[i], last = first + ports - 1;

		if (ports < 1 || first < PORT_MIN || last > PORT_MAX ||
		    (port >= first && port <= last))
			continue;
		*low = (int)first;
		*high = (int)last;
		return 0;
	}
	return -1;
}
