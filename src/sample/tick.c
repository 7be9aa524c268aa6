#include "sample/tick.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "model/resource.h"

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
