#include "run/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

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
		if (ledger->processes[index].name[0] != '\0') {
			snprintf(buf, size, "%s (pid %d)", ledger->processes[index].name,
				 atomic_load(&ledger->processes[index].pid));
			break;
		}
		role_format(role, slot, buf, size);
		break;
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

void
event_log_phase(struct event_log *event_log, int64_t cycle, const char *name,
		int64_t target)
{
	struct phase_record record = {
		.seq = event_log->phases++,
		.cycle = cycle,
		.from_us = ledger_now_us(event_log->ledger),
		.target = target,
		.begun_us = ledger_begun_us(event_log->ledger),
	};

	strlcpy(record.name, name, sizeof(record.name));
	ring_push(event_log->ledger->events, RECORD_PHASE, &record, sizeof(record));
}

void
event_log_add(struct event_log *event_log, enum event_level level, const char *kind,
	      const char *subject, const char *fmt, ...)
{
	struct event_record record = {
		.seq = event_log->events++,
		.t_us = ledger_now_us(event_log->ledger),
		.level = level,
	};
	va_list args;

	strlcpy(record.kind, kind, sizeof(record.kind));
	strlcpy(record.subject, subject, sizeof(record.subject));
	va_start(args, fmt);
	vsnprintf(record.text, sizeof(record.text), fmt, args);
	va_end(args);
	ring_push(event_log->ledger->events, RECORD_EVENT, &record, sizeof(record));
	(level == EVENT_WARNING ? log_warnx : log_info)(
	    "%.3f s: %s: %s", (double)record.t_us / 1e6, subject, record.text);
}
