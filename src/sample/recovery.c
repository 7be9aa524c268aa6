#include "sample/recovery.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "model/resource.h"

/* The canary's connection comes and goes all the time: neither of its ends is waited for. */
#define CANARY_ENDS 2

static void
follow(struct recovery *recovery, const struct resource *resource, uint32_t index)
{
	if (recovery->count == RECOVERY_LEVELS)
		fatalx("more than %d levels to follow", RECOVERY_LEVELS);
	recovery->levels[recovery->count++] = (struct recovery_level){
		.subject = resource->subject,
		.index = index,
		.position = resource_position(resource),
		.resolution = resource->resolution,
	};
}

void
recovery_init(struct recovery *recovery)
{
	static const enum role_group groups[] = { GROUP_ACCEPTORS, GROUP_HANDLERS,
						  GROUP_CLIENTS, GROUP_TARGET };

	memset(recovery, 0, sizeof(*recovery));
	recovery->back_us = -1;
	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *resource = &resources[i];
		bool is_things = resource->unit == UNIT_COUNT;

		if (resource->resolution == 0 || !is_things)
			continue;
		if (resource->subject == SUBJECT_NETNS)
			follow(recovery, resource, 0);
		for (size_t g = 0; resource->subject == SUBJECT_GROUP &&
				   g < sizeof(groups) / sizeof(groups[0]);
		     g++)
			follow(recovery, resource, groups[g]);
	}
}

static int
compare(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return (x > y) - (x < y);
}

static int64_t
baseline(const struct recovery_level *level)
{
	int64_t sorted[RECOVERY_BASELINE];
	size_t n = level->seen < RECOVERY_BASELINE ? level->seen : RECOVERY_BASELINE;

	memcpy(sorted, level->before, sizeof(sorted));
	qsort(sorted, n, sizeof(sorted[0]), compare);
	return sorted[n / 2];
}

static bool
is_back(const struct recovery_level *level, int64_t value)
{
	int64_t base = baseline(level);
	int64_t tolerance = base * RECOVERY_PERCENT / 100;

	if (tolerance < level->resolution)
		tolerance = level->resolution;
	return value <= base + tolerance + CANARY_ENDS;
}

/* A level that cannot be read now is where it was last. */
static bool
level_back(struct recovery_level *level, int64_t value)
{
	if (value != READING_NONE)
		level->back = is_back(level, value);
	return level->back;
}

static void
level_baseline(struct recovery_level *level, int64_t value)
{
	if (value != READING_NONE)
		level->before[level->seen++ % RECOVERY_BASELINE] = value;
}

bool
recovery_tick(struct recovery *recovery, int64_t t_us, int64_t ramp_us,
	      int64_t release_us, const int64_t *netns,
	      int64_t *const groups[GROUP_COUNT])
{
	bool all_back = false, late = false;

	for (size_t i = 0; i < recovery->count; i++) {
		struct recovery_level *level = &recovery->levels[i];
		const int64_t *from =
		    level->subject == SUBJECT_NETNS ? netns : groups[level->index];
		int64_t value = from != NULL ? from[level->position] : READING_NONE;

		if (ramp_us == 0)
			level_baseline(level, value);
		else if (release_us != 0 && level->seen > 0 && level_back(level, value))
			all_back = true;
		else if (level->seen > 0)
			late = true;
	}
	all_back &= !late;
	if (!all_back)
		recovery->back_us = -1;
	else if (recovery->back_us == -1)
		recovery->back_us = t_us;
	return all_back && t_us - recovery->back_us >= RECOVERY_US;
}
