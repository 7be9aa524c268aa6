#include "analyse/facts_cycle.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"

/* Keeps of an array in the order of time what is at t_us(i) in [from_us, to_us). */
#define KEEP(array, count, member, from_us, to_us)                          \
	do {                                                                \
		while ((count) > 0 && (array)->member < (from_us)) {        \
			(array)++;                                          \
			(count)--;                                          \
		}                                                           \
		while ((count) > 0 && (array)[(count)-1].member >= (to_us)) \
			(count)--;                                          \
	} while (0)

static void
keep_phase_spans(struct facts *c, int64_t number)
{
	while (c->phase_span_count > 0 && c->phase_spans->cycle < number) {
		c->phase_spans++;
		c->phase_span_count--;
	}
	while (c->phase_span_count > 0 &&
	       c->phase_spans[c->phase_span_count - 1].cycle > number)
		c->phase_span_count--;
}

static int64_t
begin_of(const struct facts *c, const char *name)
{
	for (size_t i = 0; i < c->phase_span_count; i++)
		if (strcmp(c->phase_spans[i].name, name) == 0)
			return c->phase_spans[i].from_us;
	return FACTS_NEVER;
}

/* What is held is held, whenever it was opened. */
static void
take_off(struct counts_at *m, const struct counts_at *before)
{
	m->attempted -= before->attempted;
	m->established -= before->established;
	m->accepted -= before->accepted;
	m->served -= before->served;
	m->missed -= before->missed;
	m->failed -= before->failed;
	m->transient -= before->transient;
	m->lost -= before->lost;
	m->released -= before->released;
	m->strangers -= before->strangers;
}

static void
count_anew(struct facts *c, const struct counts_at *before)
{
	struct counts_at *counts = rows_alloc(c->counts_count, sizeof(*counts));
	struct failure *failures = rows_alloc(c->failure_count, sizeof(*failures));
	size_t count = 0;

	for (size_t i = 0; i < c->counts_count; i++) {
		counts[i] = c->counts[i];
		take_off(&counts[i], before);
	}
	for (size_t i = 0; i < c->failure_count; i++) {
		if (c->cycles > 1 && c->failures[i].cycle != c->cycle)
			continue;
		failures[count] = c->failures[i];
		take_off(&failures[count++].at, before);
	}
	c->counts = counts;
	c->failures = failures;
	c->failure_count = count;
}

/* When the cycle after it begins; FACTS_NEVER: it is the last. */
static int64_t
next_ramp(const struct facts *run, int64_t number)
{
	for (size_t i = 0; i < run->phase_span_count; i++)
		if (run->phase_spans[i].cycle > number &&
		    strcmp(run->phase_spans[i].name, "ramp") == 0)
			return run->phase_spans[i].from_us;
	return FACTS_NEVER;
}

void
facts_cycle(struct facts *c, const struct facts *run, int64_t number)
{
	const struct event *broken;
	struct counts_at before;
	int64_t end_us;

	*c = *run;
	c->cycle = number;
	c->total = facts_at(run, next_ramp(run, number));
	if (run->cycles > 1)
		keep_phase_spans(c, number);
	if (run->cycles <= 1 || c->phase_span_count == 0) {
		count_anew(c, &(struct counts_at){ 0 });
		return;
	}
	c->attempt_us = begin_of(c, "ramp");
	c->release_us = begin_of(c, "recovery");
	c->from_us = number == 0 ? 0 : c->attempt_us - US_PER_S;
	end_us = c->phase_spans[c->phase_span_count - 1].to_us;
	if (end_us > run->end_us)
		end_us = run->end_us;
	c->course_end_us = c->end_us = end_us;
	before = number == 0 ? (struct counts_at){ 0 } : facts_at(run, c->attempt_us);
	KEEP(c->counts, c->counts_count, t_us, c->from_us, end_us);
	KEEP(c->deaths, c->death_count, t_us, c->from_us, end_us);
	KEEP(c->events, c->event_count, t_us, c->from_us, end_us);
	count_anew(c, &before);
	take_off(&c->total, &before);
	broken = facts_event(c, "broken");
	c->broken_us = broken != NULL ? broken->t_us : FACTS_NEVER;
}

void
facts_cycle_free(struct facts *c)
{
	free(c->counts);
	free(c->failures);
}
