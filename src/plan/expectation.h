/*
 * A comparison of a figure with a value: "fds_per_connection <= 1.01".
 */
#ifndef BRINK_PLAN_EXPECTATION_H
#define BRINK_PLAN_EXPECTATION_H

#include <stdbool.h>
#include <stdio.h>

#include "plan/figure.h"

enum relation {
	COMPARE_LESS_EQUAL,
	COMPARE_MORE_EQUAL,
	COMPARE_EQUAL,
	COMPARE_UNEQUAL,
	COMPARE_LESS,
	COMPARE_MORE,
	RELATION_COUNT
};

#define EXPECTATION_VALUE_SIZE 24

struct expectation {
	const struct figure *figure;
	enum relation relation;
	double bound;                       /* in the figure's base unit */
	char value[EXPECTATION_VALUE_SIZE]; /* the same as it was typed */
};

/* Enough for every expectation as text. */
#define EXPECTATION_TEXT_SIZE 80

/*
 * Reads "FIGURE OPERATOR VALUE", blanks between them or not; the operator is one of <=, >=,
 * ==, !=, < and >, the value in the figure's unit. 0, or -1 after writing to why what is
 * wrong and what is allowed, without a full stop: a wrong name gets the near ones.
 */
int expectation_parse(struct expectation *expectation, const char *text, FILE *why);

/* "fds_per_connection <= 1.01" into buf, EXPECTATION_TEXT_SIZE bytes, which is returned. */
char *expectation_text(const struct expectation *expectation, char *buf);

/* True if the value is as expected. */
bool expectation_holds(const struct expectation *expectation, double value);

#endif
