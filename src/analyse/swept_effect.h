/*
 * Which of the options that a sweep varies make a difference to which figure, beyond what
 * comes about by chance.
 */
#ifndef BRINK_ANALYSE_SWEPT_EFFECT_H
#define BRINK_ANALYSE_SWEPT_EFFECT_H

#include "analyse/swept.h"

/* How often any effect at all is found in a sweep whose options do nothing. */
#define EFFECT_BY_CHANCE 0.001

enum effect_class {
	EFFECT_FOUND,
	EFFECT_NONE,    /* not significant */
	EFFECT_TOO_FEW, /* no outcome of so few runs would be significant */
	EFFECT_CLASSES
};

/* "found", "not significant", "too few runs" */
const char *effect_class_name(enum effect_class class);

struct swept_effect {
	size_t axis;
	const struct figure *figure;
	enum effect_class class;
	double p;        /* of one so large by chance, for this figure and axis alone */
	double *medians; /* by value of the axis, over all runs that have it; NAN: none */
};

struct swept_effects {
	struct swept_effect *all; /* by figure, in the order of swept_told(), then axis */
	size_t count;
};

/*
 * Tests the main effect of each axis on each figure that the sweep is told by, where it is
 * known of two values of the axis or more. Values are aligned by the median of the runs that
 * are alike in all other options, ranked, and compared between the values of the axis
 * (Hodges and Lehmann 1962); how likely such a difference is without an effect is found by
 * shuffling the runs among those that are alike in all other options, which holds for any
 * distribution. Of more than 2,000 runs a part is tested that is chosen without their values. It is found where it is significant with EFFECT_BY_CHANCE over all tests of
 * the sweep (Holm 1979). The same runs give the same answer.
 */
void swept_effects_find(struct swept_effects *effects, const struct swept *swept);
void swept_effects_free(struct swept_effects *effects);

#endif
