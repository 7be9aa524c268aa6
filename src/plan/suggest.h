/*
 * What somebody meant who mistyped a word.
 */
#ifndef BRINK_PLAN_SUGGEST_H
#define BRINK_PLAN_SUGGEST_H

#include <stddef.h>

struct suggestion {
	const char *word; /* as typed: length bytes of it */
	size_t length;
	const char *best; /* the nearest so far, or NULL: none is near */
	size_t distance;  /* of best */
};

/*
 * Makes candidate the best guess where it is nearer than the one before. Near is: a third
 * of the word's letters wrong, missing, too many or swapped with their neighbour (edit
 * distance as optimal string alignment), at least one; or three letters and more that the
 * candidate begins with.
 */
void suggest_try(struct suggestion *suggestion, const char *candidate);

/* The best guess of count names, name(0) on, or NULL where none is near. */
const char *suggest_nearest(const char *word, const char *(*name)(size_t i),
			    size_t count);

#endif
