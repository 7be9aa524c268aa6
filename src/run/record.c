#include "run/record.h"

#include <stdio.h>

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
		return group_role((enum role_group)index);
	default:
		*slot = -1;
		return ROLE_NONE;
	}
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
		role_format(role, slot, buf, size);
		break;
	case SUBJECT_GROUP:
		snprintf(buf, size, "%s", group_name((enum role_group)index));
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
