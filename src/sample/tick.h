/*
 * The record of one tick, put together in memory that is taken once.
 */
#ifndef BRINK_SAMPLE_TICK_H
#define BRINK_SAMPLE_TICK_H

#include "run/record.h"

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

#endif
