/*
 * What a sweep varies: the values of --vary, and the order in which its runs are made.
 */
#ifndef BRINK_PLAN_VARY_H
#define BRINK_PLAN_VARY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "plan/option.h"

#define VARY_NAMES_MAX  4
#define VARY_VALUES_MAX 1000

/* What the name of an injected limit begins with: "limit.nofile.acceptor". */
#define VARY_LIMIT_PREFIX "limit."

/* One --vary: options that change together, and the values that they take in turn. */
struct vary {
	size_t names, values;
	char *name[VARY_NAMES_MAX];
	char **value; /* names of them for each of the values, as one would type them */
};

/*
 * Reads "NAME=V1,V2", where a value may be a range of an option that takes a number:
 * "1..16*2" (1, 2, 4, 8, 16), "500..4000+500", both ends included where a step meets them; or
 * "NAME,NAME=V:V,V:V", options that change together. A name is one of the table, or
 * "limit." and what --limit takes before its "=". Whether the option allows a value is for
 * option_parse() to say. A value that is there twice is refused.
 * 0, and vary_free() releases it; or -1 after writing to why what is wrong and what is
 * allowed, without a full stop, with nothing left to release.
 */
int vary_parse(const struct option_table *table, const char *text, struct vary *vary,
	       FILE *why);

void vary_free(struct vary *vary);

/*
 * The order of points * repeats runs into order, each as a point's number from 0: every
 * point once in each round, and each round shuffled by itself, so that a drift of the host
 * falls on all points alike. The same seed gives the same order on every machine.
 */
void vary_order(size_t points, size_t repeats, uint64_t seed, size_t *order);

#endif
