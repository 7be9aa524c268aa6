#include "run/record.h"

#include <stdio.h>

static const char *const group_names[GROUP_COUNT] = {
	"acceptors", "handlers", "forkers", "clients", "observers",
};

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
	switch (kind) {
	case SUBJECT_LISTENER:
		snprintf(buf, size, "listener %u", index);
		break;
	case SUBJECT_PROCESS:
		role_and_slot((enum role)ledger->processes[index].role,
			      ledger->processes[index].slot, buf, size);
		break;
	case SUBJECT_WORKER:
		role_and_slot((enum role)ledger->workers[index].role,
			      ledger->workers[index].slot, buf, size);
		break;
	case SUBJECT_GROUP:
		snprintf(buf, size, "%s", group_names[index]);
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
