#include "analyse/leak_class.h"

#include <math.h>

/* Where there was no stretch to look at: two seconds, and what is left out at its start. */
#define SHORTEST_S 3.0
/* As many as it takes for a trend to be significant, and a few more. */
#define ENOUGH_POINTS 12
/* Beside a leak over time, a cost of all connections below this part of it, 1 in N, may be
 * what was taken once. */
#define ONCE 20

static const char *const class_names[LEAK_CLASSES] = {
	[LEAK_NONE] = "none",         [LEAK_PER_CONNECTION] = "per-connection",
	[LEAK_PER_TIME] = "per-time", [LEAK_BOTH] = "both",
	[LEAK_WARM_UP] = "warm-up",   [LEAK_INCONCLUSIVE] = "inconclusive",
};

static const char *const pattern_names[] = {
	[PATTERN_NONE] = NULL,
	[PATTERN_LINEAR] = "linear",
	[PATTERN_UP] = "bending up",
	[PATTERN_DOWN] = "bending down",
};

const char *leak_class_name(enum leak_class class)
{
	return class_names[class];
}

const char *
leak_pattern_name(enum leak_pattern pattern)
{
	return pattern_names[pattern];
}

/* What all connections cost together. */
static double
cost_of_all(const struct slopes *s)
{
	return s->has_per_connection && s->per_connection.low > 0
		   ? s->per_connection.value * s->held
		   : 0;
}

static bool
is_warm_up(const struct slopes *s)
{
	return s->early > 0 && s->late < s->early / 3;
}

/* Some resources are read at every tenth tick only. */
static double
time_for_points(const struct slopes *s)
{
	double needed_s = s->still_points > 0
			      ? ENOUGH_POINTS * s->still_s / (double)s->still_points
			      : SHORTEST_S;

	return needed_s > SHORTEST_S ? needed_s : SHORTEST_S;
}

/* What grows between two samples: when in between a connection came is not known, so that
 * no less can be laid to the connections. */
static double
growth_of_a_sample(const struct slopes *s, double resolution)
{
	if (!slopes_grow(s, resolution) || s->still_points == 0)
		return 0;
	return fabs(s->over_time.value) * s->still_s / (double)s->still_points;
}

enum leak_class
leak_classify(const struct slopes *s, double resolution, double *needed_s)
{
	double threshold = slopes_threshold(s, resolution);
	bool costs = cost_of_all(s) > threshold + growth_of_a_sample(s, resolution);
	double growth = fabs(s->over_time.value) * s->still_s;

	*needed_s = 0;
	if (!s->has_over_time) {
		*needed_s = time_for_points(s);
		return LEAK_INCONCLUSIVE;
	}
	if (slopes_grow(s, resolution) && s->over_time.value > 0) {
		if (is_warm_up(s))
			return LEAK_WARM_UP;
		/* What is taken once, with the first connections, is no leak beside it. */
		return costs && cost_of_all(s) * ONCE > growth ? LEAK_BOTH
							       : LEAK_PER_TIME;
	}
	if (slopes_have_trend(s) && s->over_time.value > 0 &&
	    growth * 100 > cost_of_all(s)) {
		*needed_s = threshold / s->over_time.value;
		return LEAK_INCONCLUSIVE;
	}
	return costs ? LEAK_PER_CONNECTION : LEAK_NONE;
}

enum leak_pattern
leak_pattern(const struct slopes *s, double resolution)
{
	double difference = s->upper.value - s->lower.value;
	bool apart = s->lower.high < s->upper.low || s->upper.high < s->lower.low;

	if (cost_of_all(s) <= slopes_threshold(s, resolution) || !s->has_halves)
		return PATTERN_NONE;
	if (!apart || fabs(difference) * 20 <= fabs(s->lower.value) ||
	    fabs(difference) * s->held / 2 <= slopes_threshold(s, resolution))
		return PATTERN_LINEAR;
	return difference > 0 ? PATTERN_UP : PATTERN_DOWN;
}
