/*
 * A tick: its record, and what became of the clocks since the one before.
 */
#ifndef BRINK_SAMPLE_TICK_H
#define BRINK_SAMPLE_TICK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ring.h"
#include "run/record.h"

/* ------------------------------------------------------------------------ the record */

/*
 * The record of one tick, put together in memory that is taken once.
 */

struct tick {
	struct tick_record *record;
	size_t bytes, capacity;
	size_t counts[SUBJECT_KINDS]; /* readings of a subject of each kind */
};

/* Makes room for that many subjects of each kind. 0, or -1 with errno. Release with
 * tick_free(). */
int tick_init(struct tick *tick, const size_t subjects[SUBJECT_KINDS]);
void tick_free(struct tick *tick);

/* Begins an empty record: scheduled_us is when it was due, t_us now. */
void tick_begin(struct tick *tick, int64_t number, int64_t scheduled_us, int64_t t_us);

/*
 * Adds a subject and returns its readings, all READING_NONE, valid until the next
 * tick_begin(). Never more than room was made for: that is fatal.
 */
int64_t *tick_subject(struct tick *tick, enum subject_kind kind, uint32_t index);

/* ------------------------------------------------------------------------ the clocks */

/*
 * Whether the machine slept or its clock was set between two ticks.
 *
 * A run is timed by CLOCK_MONOTONIC, which a suspend stops without a trace: CLOCK_BOOTTIME
 * goes on. CLOCK_REALTIME goes on too, and besides is set by people and by time servers;
 * what these do slowly, at most 500 ppm (adjtimex(2)), is no step.
 */

/* Under this it may be the time between two readings, or slewing. */
#define CLOCKS_LEAST_US INT64_C(20000)

/* The three clocks at one instant, or nearly so. */
struct clocks {
	int64_t monotonic_us, boot_us, real_us;
};

/* What happened between two instants; 0: nothing. */
struct clocks_change {
	int64_t slept_us;
	int64_t stepped_us; /* forward, or back where negative */
};

void clocks_read(struct clocks *clocks);

/* True where something happened. */
bool clocks_compare(const struct clocks *before, const struct clocks *now,
		    struct clocks_change *change);

/* Pushes an event of kind "gap" for a sleep and one of kind "clock-step" for a step, as
 * seen at the tick. Their numbers follow from the tick's. */
void clocks_report(const struct clocks_change *change, int64_t tick, int64_t t_us,
		   struct ring *ring);

#endif
