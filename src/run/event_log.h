/*
 * The supervisor's notes to the recorder: phases and events.
 */
#ifndef BRINK_RUN_EVENT_LOG_H
#define BRINK_RUN_EVENT_LOG_H

#include "run/record.h"

struct event_log {
	struct ledger *ledger;
	int64_t phases, events; /* written so far: the next seq */
};

/* A new phase begins now; "end" only ends the one before. */
void event_log_phase(struct event_log *event_log, int64_t cycle, const char *name,
		     int64_t target);

/* Something happened now. It also goes to standard error, with --quiet only if it is a
 * warning; text is one clause, cut at 255 bytes. */
void event_log_add(struct event_log *event_log, enum event_level level, const char *kind,
		   const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
