#include "run/record.h"

#include <stdio.h>

static const struct {
	const char *name;
	enum role role; /* of all its members, or ROLE_NONE */
} groups[GROUP_COUNT] = {
	[GROUP_ACCEPTORS] = { "acceptors", ROLE_ACCEPTOR },
	[GROUP_HANDLERS] = { "handlers", ROLE_HANDLER },
	[GROUP_FORKERS] = { "forkers", ROLE_FORKER },
	[GROUP_CLIENTS] = { "clients", ROLE_CLIENT },
	[GROUP_OBSERVERS] = { "observers", ROLE_NONE },
};

enum role
subject_role(const struct ledger *ledger, enum subject_kind kind, uint32_t index,
	     int32_t *slot)
{
	switch (kind) {
	case SUBJECT_PROCESS:
		*slot = ledger->processes[index].slot;
		return (enum role)ledger->processes[index].role;
	case SUBJECT_WORKER:
		*slot = ledger->workers[index].slot;
		return (enum role)ledger->workers[index].role;
	case SUBJECT_GROUP:
		*slot = -1;
		return groups[index].role;
	default:
		*slot = -1;
		return ROLE_NONE;
	}
}

/* Roles that a run has one of carry no number. */
static void
role_and_slot(enum role role, int32_t slot, char *buf, size_t size)
{
	if (role == ROLE_ACCEPTOR || role == ROLE_HANDLER || role == ROLE_FORKER ||
	    role == ROLE_CLIENT)
		snprintf(buf, size, "%s %d", role_name(role), slot);
	else
		snprintf(buf, size, "%s", role_name(role));
}

void
subject_name(const struct ledger *ledger, enum subject_kind kind, uint32_t index,
	     char *buf, size_t size)
{
	int32_t slot;
	enum role role = subject_role(ledger, kind, index, &slot);

	switch (kind) {
	case SUBJECT_LISTENER:
		snprintf(buf, size, "listener %u", index);
		break;
	case SUBJECT_PROCESS:
	case SUBJECT_WORKER:
		role_and_slot(role, slot, buf, size);
		break;
	case SUBJECT_GROUP:
		snprintf(buf, size, "%s", groups[index].name);
		break;
	case SUBJECT_NETNS:
		snprintf(buf, size, "netns");
		break;
	case SUBJECT_CGROUP:
		snprintf(buf, size, "%s", ledger->cgroups[index]);
		break;
	default:
		snprintf(buf, size, "host");
	}
}
