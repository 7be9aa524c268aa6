#include "analyse/display_name.h"

#include <string.h>

#include "analyse/limit_rule.h"

static const struct {
	const char *resource, *display_name;
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
	{ "available_bytes", "available memory" },
	{ "broke_held", "connections at the break" },
	{ "settled_us", "time until all was back" },
};

const char *
display_name_of(const char *resource)
{
	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++)
		if (strcmp(nouns[i].resource, resource) == 0)
			return nouns[i].display_name;
	return limit_rule_display_name(resource);
}

static bool
ends_in(const char *text, const char *suffix)
{
	size_t length = strlen(text), n = strlen(suffix);

	return length > n && strcmp(text + length - n, suffix) == 0;
}

enum unit
display_name_unit(const char *resource)
{
	if (ends_in(resource, "_us"))
		return UNIT_US;
	return ends_in(resource, "_bytes") ? UNIT_BYTES : UNIT_COUNT;
}
