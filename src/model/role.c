#include "model/role.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	enum role_group group;
	bool several; /* a run may have more than one: they are numbered */
} roles[ROLE_COUNT] = {
	[ROLE_NONE] = { "none", GROUP_OBSERVERS, false },
	[ROLE_SUPERVISOR] = { "supervisor", GROUP_OBSERVERS, false },
	[ROLE_SAMPLER] = { "sampler", GROUP_OBSERVERS, false },
	[ROLE_RECORDER] = { "recorder", GROUP_OBSERVERS, false },
	[ROLE_ACCEPTOR] = { "acceptor", GROUP_ACCEPTORS, true },
	[ROLE_HANDLER] = { "handler", GROUP_HANDLERS, true },
	[ROLE_FORKER] = { "forker", GROUP_FORKERS, true },
	[ROLE_CLIENT] = { "client", GROUP_CLIENTS, true },
	[ROLE_CANARY] = { "canary", GROUP_OBSERVERS, false },
	[ROLE_TARGET] = { "target", GROUP_TARGET, false },
};

static const struct {
	const char *name;
	enum role role; /* of all its members, or ROLE_NONE */
} groups[GROUP_COUNT] = {
	[GROUP_ACCEPTORS] = { "acceptors", ROLE_ACCEPTOR },
	[GROUP_HANDLERS] = { "handlers", ROLE_HANDLER },
	[GROUP_FORKERS] = { "forkers", ROLE_FORKER },
	[GROUP_CLIENTS] = { "clients", ROLE_CLIENT },
	[GROUP_OBSERVERS] = { "observers", ROLE_NONE },
	[GROUP_TARGET] = { "target", ROLE_TARGET },
};

const char *
role_name(enum role role)
{
	return roles[role].name;
}

enum role
role_find(const char *name)
{
	for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
		if (strcmp(roles[role].name, name) == 0)
			return (enum role)role;
	return ROLE_NONE;
}

enum role_group
role_group(enum role role)
{
	return roles[role].group;
}

void
role_format(enum role role, int32_t slot, char *buf, size_t size)
{
	if (roles[role].several)
		snprintf(buf, size, "%s %d", roles[role].name, slot);
	else
		snprintf(buf, size, "%s", roles[role].name);
}

const char *
group_name(enum role_group group)
{
	return groups[group].name;
}

enum role
group_role(enum role_group group)
{
	return groups[group].role;
}
