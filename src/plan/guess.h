/*
 * What somebody meant who mistyped a word.
 */
#ifndef BRINK_PLAN_GUESS_H
#define BRINK_PLAN_GUESS_H

#include <stddef.h>

struct guess {
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
void guess_try(struct guess *guess, const char *candidate);

/* The best guess of count names, name(0) on, or NULL where none is near. */
const char *guess_nearest(const char *word, const char *(*name)(size_t i), size_t count);

#endif
