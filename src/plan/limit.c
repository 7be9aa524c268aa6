#include "plan/limit.h"

#include <string.h>

#define PORT_FIRST 20000 /* of the range, where it fits there */
#define PORT_MIN   1024  /* ports below are privileged: ip_unprivileged_port_start */
#define PORT_MAX   65535

const struct limit_spec limit_specs[LIMIT_COUNT] = {
	[LIMIT_NOFILE_ACCEPTOR] = { "nofile.acceptor", 16, 1048576, NULL, NULL,
				    "open files of each acceptor" },
	[LIMIT_NOFILE_CLIENT] = { "nofile.client", 16, 1048576, NULL, NULL,
				  "open files of each client process" },
	[LIMIT_PORTS] = { "ports", 1, 64511, "net.ipv4.ip_local_port_range",
			  "the port range belongs to a network namespace",
			  "ephemeral ports of a source address" },
	[LIMIT_BACKLOG] = { "backlog", 1, 65535, NULL, NULL,
			    "backlog of the listener, instead of --backlog" },
	[LIMIT_SOMAXCONN] = { "somaxconn", 1, 65535, "net.core.somaxconn",
			      "the largest backlog belongs to a network namespace",
			      "largest backlog" },
	[LIMIT_SYN_BACKLOG] = { "syn-backlog", 1, 1048576, "net.ipv4.tcp_max_syn_backlog",
				"the SYN queue's length belongs to a network namespace",
				"handshakes under way at a listener" },
	[LIMIT_TW_BUCKETS] = { "tw-buckets", 1, 1048576, "net.ipv4.tcp_max_tw_buckets",
			       "the TIME_WAIT table belongs to a network namespace",
			       "connections in TIME_WAIT" },
};

int
limit_find(const char *name, size_t length)
{
	for (int i = 0; i < LIMIT_COUNT; i++) {
		const char *candidate = limit_specs[i].name;

		if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
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
