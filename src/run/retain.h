/*
 * A leak of known size in an acceptor, as asked for with --retain: memory that is touched
 * and never freed. The truth that the analysis is held against.
 */
#ifndef BRINK_RUN_RETAIN_H
#define BRINK_RUN_RETAIN_H

#include "run/ledger.h"

/* Between two looks at the clock where memory grows with time. */
#define RETAIN_TICK_US 20000

struct retain {
	const struct plan *plan;
	char *free;      /* of the mapping that is being filled */
	size_t left;     /* bytes from there on */
	int64_t from_us; /* time is paid for up to here; 0: the load has not begun */
};

void retain_init(struct retain *retain, const struct plan *plan);

/* True where memory grows with time: retain_time() is to be called every tick. */
bool retain_has_time(const struct retain *retain);

/* n connections or messages more. 0, or -1 with errno where the memory was not to be
 * had. */
int retain_count(struct retain *retain, enum retain_per per, int64_t n);

/* This acceptor's share of what time has called for since the first ramp of the run. As
 * retain_count(). */
int retain_time(struct retain *retain, const struct ledger *ledger);

#endif
