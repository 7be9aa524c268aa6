/*
 * What kind of growth a resource shows.
 */
#ifndef BRINK_ANALYSE_LEAK_CLASS_H
#define BRINK_ANALYSE_LEAK_CLASS_H

#include "analyse/slopes.h"

enum leak_class {
	LEAK_NONE,
	LEAK_PER_CONNECTION, /* each connection costs some */
	LEAK_PER_TIME,       /* grows although the connections stand still */
	LEAK_BOTH,
	LEAK_WARM_UP,      /* grew with time at first, and slowed down by itself */
	LEAK_INCONCLUSIVE, /* no stretch was still for long enough to say */
	LEAK_CLASSES
};

const char *leak_class_name(enum leak_class class);

/* How it grows with the connections. */
enum leak_pattern { PATTERN_NONE, PATTERN_LINEAR, PATTERN_UP, PATTERN_DOWN };

/* "linear", "bending up", "bending down"; NULL for PATTERN_NONE. */
const char *leak_pattern_name(enum leak_pattern pattern);

/*
 * warm-up: the slope in the later half of the still stretch is under a third of the
 * earlier half's. inconclusive: there is a trend over time, but over the stretch it comes
 * to less than the threshold and is not negligible against what the connections cost; or
 * nothing stood still. *needed_s, 0 for all others, receives how long a stretch it would
 * take.
 */
enum leak_class leak_classify(const struct slopes *slopes, double resolution,
			      double *needed_s);

/* PATTERN_NONE where connections cost nothing. Bending: the slopes of the lower and the
 * upper half differ by over 5 %, their intervals do not meet, and over half of the
 * connections it makes more than the threshold. */
enum leak_pattern leak_pattern(const struct slopes *slopes, double resolution);

#endif
