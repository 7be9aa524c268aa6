/*
 * What a run is short of, of all that its plan called for. That nothing gave way is only
 * said of a run that is short of nothing.
 */
#ifndef BRINK_ANALYSE_SHORTFALL_H
#define BRINK_ANALYSE_SHORTFALL_H

#include "analyse/facts.h"

/* Whose fault it is, and so what can still be said of the server. */
enum shortfall_kind {
	SHORTFALL_LOAD, /* processes of brink did not live: the load was not the plan's */
	SHORTFALL_SCHEDULE, /* slots were missed */
	SHORTFALL_PHASES,   /* not all phases were gone through */
	SHORTFALL_DATA,     /* ticks are missing, or are of another server too */
	SHORTFALL_SERVICE,  /* connections are missing, or failures went on to the end */
};

struct shortfall {
	enum shortfall_kind kind;
	int64_t t_us; /* when it first showed */
	char subject[FACTS_NAME];
	char text[256]; /* a sentence with its counts, without its full stop */
};

/* The first of all conditions that does not hold, or false. What is known of the service
 * comes last: it says nothing where one of the others does not hold. */
bool shortfall_find(const struct facts *facts, struct shortfall *shortfall);

/* The same of one kind only. */
bool shortfall_find_kind(const struct facts *facts, enum shortfall_kind kind,
			 struct shortfall *shortfall);

/* What the canary, which tells whether newcomers are served, saw by an instant. */
struct canary_view {
	int64_t served_us; /* the first tick at which it had been served as often */
	int64_t visits;    /* begun since then */
	int64_t failed;    /* of those */
	bool waits; /* for long enough to be seen at two ticks, half a second apart */
};

/* All 0 where there was no canary. */
struct canary_view shortfall_canary(const struct facts *facts, int64_t until_us);

/* The call with which the canary's visits failed to the end of the load; NULL: it was served
 * then, or there was none. */
const struct failure *shortfall_canary_failure(const struct facts *facts);

/* True where connections waited in the listener's queue all of the last second before an
 * instant. */
bool shortfall_queue_is_left(const struct facts *facts, int64_t listener,
			     int64_t until_us);

/* "client 0 was frozen, or waited for a device (state D) from 4.1 s to 6.3 s" */
const char *shortfall_halt_text(const struct halt *halt, char *buf, size_t size);

/* Connections that wait for service at an instant: established, neither lost nor served. */
int64_t shortfall_waiting(const struct facts *facts, const struct counts_at *at);

/* "killed by signal 9 (SIGKILL)", "exited with status 1" */
const char *shortfall_end(const struct death *death, char *buf, size_t size);

#endif
