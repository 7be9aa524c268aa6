#include "run/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

void
journal_phase(struct journal *journal, int64_t cycle, const char *name, int64_t target)
{
	struct phase_record record = {
		.seq = journal->phases++,
		.cycle = cycle,
		.from_us = ledger_now_us(journal->ledger),
		.target = target,
		.begun_us = ledger_begun_us(journal->ledger),
	};

	strlcpy(record.name, name, sizeof(record.name));
	ring_push(journal->ledger->events, RECORD_PHASE, &record, sizeof(record));
}

void
journal_event(struct journal *journal, enum event_level level, const char *kind,
	      const char *subject, const char *fmt, ...)
{
	struct event_record record = {
		.seq = journal->events++,
		.t_us = ledger_now_us(journal->ledger),
		.level = level,
	};
	va_list args;

	strlcpy(record.kind, kind, sizeof(record.kind));
	strlcpy(record.subject, subject, sizeof(record.subject));
	va_start(args, fmt);
	vsnprintf(record.text, sizeof(record.text), fmt, args);
	va_end(args);
	ring_push(journal->ledger->events, RECORD_EVENT, &record, sizeof(record));
	(level == EVENT_WARNING ? log_warnx : log_info)(
	    "%.3f s: %s: %s", (double)record.t_us / 1e6, subject, record.text);
}
