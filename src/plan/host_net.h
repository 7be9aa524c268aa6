/*
 * What the kernel allows the connections of this network namespace, and what is taken of
 * it: Documentation/networking/ip-sysctl.rst, nf_conntrack-sysctl.rst.
 */
#ifndef BRINK_PLAN_HOST_NET_H
#define BRINK_PLAN_HOST_NET_H

#include <stdint.h>

#include "plan/host.h"

struct host_net {
	int64_t somaxconn;             /* net.core.somaxconn */
	int64_t syn_backlog;           /* net.ipv4.tcp_max_syn_backlog */
	int64_t reserved_ports;        /* of ip_local_port_range */
	struct host_ceiling time_wait; /* net.ipv4.tcp_max_tw_buckets */
	struct host_ceiling tcp_bytes; /* net.ipv4.tcp_mem[2]; of the whole host */
	struct host_ceiling conntrack; /* net.netfilter.nf_conntrack_max */
};

/* Never fails: what cannot be read is no ceiling, and no usage. */
void host_net_read(struct host_net *net);

#endif
