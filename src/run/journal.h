/*
 * The supervisor's notes to the recorder: phases and events.
 */
#ifndef BRINK_RUN_JOURNAL_H
#define BRINK_RUN_JOURNAL_H

#include "run/record.h"

struct journal {
	struct ledger *ledger;
	int64_t phases, events; /* written so far: the next seq */
};

/* A new phase begins now; "end" only ends the one before. */
void journal_phase(struct journal *journal, int64_t cycle, const char *name,
		   int64_t target);

/* Something happened now. It also goes to standard error, with --quiet only if it is a
 * warning; text is one clause, cut at 255 bytes. */
void journal_event(struct journal *journal, enum event_level level, const char *kind,
		   const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
