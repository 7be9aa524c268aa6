#include "analyse/noun.h"

#include <string.h>

#include "analyse/limit_rule.h"

static const struct {
	const char *resource, *noun;
} nouns[] = {
	{ "rss_bytes", "memory" },
	{ "private_bytes", "private memory" },
	{ "fds", "open files" },
	{ "held", "ephemeral ports" },
	{ "processes", "processes" },
	{ "pids", "processes" },
	{ "sockets", "sockets" },
	{ "tcp_in_use", "TCP sockets" },
	{ "tcp_time_wait", "ports in TIME_WAIT" },
	{ "slab_unreclaimable_bytes", "kernel objects" },
	{ "kernel_stack_bytes", "kernel stacks" },
	{ "page_table_bytes", "page tables" },
	{ "tcp_memory_bytes", "socket buffers" },
	{ "memory_bytes", "memory charged" },
	{ "broke_held", "connections at the break" },
	{ "settled_us", "microseconds until all was back" },
};

const char *
noun_of(const char *resource)
{
	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
		if (strcmp(nouns[i].resource, resource) == 0)
			return nouns[i].noun;
	return limit_rule_noun(resource);
}

enum unit
noun_unit(const char *resource)
{
	static const char suffix[] = "_bytes";
	size_t length = strlen(resource), n = sizeof(suffix) - 1;

	return length > n && strcmp(resource + length - n, suffix) == 0 ? UNIT_BYTES
									: UNIT_COUNT;
}
