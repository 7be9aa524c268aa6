/*
 * A run at its newest sample, as the store has it: for those who look on.
 */
#ifndef BRINK_REPORT_LIVE_H
#define BRINK_REPORT_LIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/json.h"
#include "store/db.h"

#define LIVE_NAME 64

/* Counts are -1 where they are not known. */
struct live {
	int64_t run_id, tick, t_us; /* tick: -1: none yet */
	char state[16], outcome[16], phase[16], label[LIVE_NAME];
	int64_t target; /* connections asked for; 0: as many as can be */
	int64_t attempted, established, accepted, served, held;
	int64_t fds, rss_bytes, kernel_bytes, processes, sockets;
	int64_t established_per_s; /* over the last ten ticks */
	int64_t canary_attempted, canary_served;
	int64_t connect_p99_us; /* of the last second that had connects */
	/* What is nearest to its limit; limit 0: nothing has one. */
	char near_subject[LIVE_NAME], near_resource[LIVE_NAME];
	int64_t near_value, near_limit;
	double near_share;  /* how near: 1 where it is met */
	bool near_is_floor; /* the value must not fall below the limit */
	char verdict[512];  /* "" until analysed */
};

/* Reads the newest of a run. 0, or -1 (see db_error). */
int live_load(struct live *live, struct db *db, int64_t run_id);

/* As a block for a terminal; returns how many lines it has. */
int live_write_block(const struct live *live, FILE *out);
/* As one line, what matters most first. */
void live_write_line(const struct live *live, FILE *out);
/* As members of an object. */
void live_write_json(const struct live *live, struct json *j);

/* Who writes events numbers his own, in a range of theirs: see event.seq in sql/schema.sql. */
#define LIVE_EVENT_RANGES 4

/* The number after the last event that was written, in each range; all 0 at first. */
struct live_events {
	int64_t next[LIVE_EVENT_RANGES];
};

/* Writes the events of the run that were not written yet, by time, a line each. 0, or -1. */
int live_write_events(struct db *db, int64_t run_id, struct live_events *seen, FILE *out);

#endif
