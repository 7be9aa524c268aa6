#include "sample/tick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "model/resource.h"
#include "run/record.h"

/* ------------------------------------------------------------------------ the record */

static size_t
subject_bytes(const struct tick *tick, int kind)
{
	return sizeof(struct subject_sample) + tick->counts[kind] * sizeof(int64_t);
}

int
tick_init(struct tick *tick, const size_t subjects[SUBJECT_KINDS])
{
	tick->capacity = sizeof(struct tick_record);
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++) {
		resource_of((enum subject_kind)kind, &tick->counts[kind]);
		tick->capacity += subjects[kind] * subject_bytes(tick, kind);
	}
	tick->record = malloc(tick->capacity);
	if (tick->record == NULL)
		return -1;
	/* Touched now, so that no tick waits for a page. */
	memset(tick->record, 0, tick->capacity);
	return 0;
}

void
tick_free(struct tick *tick)
{
	free(tick->record);
}

void
tick_begin(struct tick *tick, int64_t number, int64_t scheduled_us, int64_t t_us)
{
	*tick->record = (struct tick_record){
		.tick = number,
		.t_us = t_us,
		.late_us = t_us - scheduled_us,
	};
	tick->bytes = sizeof(struct tick_record);
}

int64_t *
tick_subject(struct tick *tick, enum subject_kind kind, uint32_t index)
{
	size_t bytes = subject_bytes(tick, kind);
	struct subject_sample *sample = (void *)((char *)tick->record + tick->bytes);

	if (tick->bytes + bytes > tick->capacity)
		fatalx("no room in a tick for %s %u", subject_kind_name(kind), index);
	tick->bytes += bytes;
	tick->record->subjects++;
	sample->kind = (uint16_t)kind;
	sample->count = (uint16_t)tick->counts[kind];
	sample->index = index;
	for (size_t i = 0; i < tick->counts[kind]; i++)
		sample->reading[i] = READING_NONE;
	return sample->reading;
}

/* ------------------------------------------------------------------------ the clocks */

/* The sampler's own events are numbered from here (see sql/schema.sql). */
#define EVENT_SEQ INT64_C(2000000000)

void
clocks_read(struct clocks *clocks)
{
	clocks->monotonic_us = clock_us();
	clocks->boot_us = clock_boot_us();
	clocks->real_us = clock_unix_us();
}

static int64_t
if_much(int64_t us)
{
	return llabs(us) >= CLOCKS_LEAST_US ? us : 0;
}

bool
clocks_compare(const struct clocks *before, const struct clocks *now,
	       struct clocks_change *change)
{
	int64_t monotonic_us = now->monotonic_us - before->monotonic_us;
	int64_t boot_us = now->boot_us - before->boot_us;
	int64_t real_us = now->real_us - before->real_us;

	change->slept_us = if_much(boot_us - monotonic_us);
	change->stepped_us = if_much(real_us - boot_us);
	return change->slept_us != 0 || change->stepped_us != 0;
}

static void
push(struct ring *ring, int64_t seq, int64_t t_us, const char *kind, const char *text)
{
	struct event_record event = { .seq = seq, .t_us = t_us, .level = EVENT_WARNING };

	strlcpy(event.kind, kind, sizeof(event.kind));
	strlcpy(event.subject, "host", sizeof(event.subject));
	strlcpy(event.text, text, sizeof(event.text));
	ring_push(ring, RECORD_EVENT, &event, sizeof(event));
}

void
clocks_report(const struct clocks_change *change, int64_t tick, int64_t t_us,
	      struct ring *ring)
{
	char text[128];

	if (change->slept_us != 0) {
		snprintf(
		    text, sizeof(text),
		    "the machine was suspended for %.3f s, which no clock of the run "
		    "counts",
		    (double)change->slept_us / 1e6);
		push(ring, EVENT_SEQ + 2 * tick, t_us, "gap", text);
	}
	if (change->stepped_us != 0) {
		snprintf(text, sizeof(text), "the clock was set %s by %.3f s",
			 change->stepped_us > 0 ? "forward" : "back",
			 (double)llabs(change->stepped_us) / 1e6);
		push(ring, EVENT_SEQ + 2 * tick + 1, t_us, "clock-step", text);
	}
}
