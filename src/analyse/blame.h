/*
 * Which limit gave way: the rules are tried on a run, and those whose symptom and evidence
 * both hold become candidates.
 */
#ifndef BRINK_ANALYSE_BLAME_H
#define BRINK_ANALYSE_BLAME_H

#include "analyse/candidate.h"

/*
 * All candidates of a run by their first evidence; where that is the same, what is proven
 * first of those that one failed call shows, then in the order of the rule table, causes before what follows from them. The caller frees *candidates.
 * Returns how many.
 */
size_t blame_candidates(const struct facts *facts, struct candidate **candidates);

/*
 * The candidate to blame for the break, or NULL: the earliest up to the break that the
 * supervisor confirmed. Where it confirmed none, the earliest death of an acceptor; or, if
 * connections are missing or failures went on at the end of the load, a limit whose calls
 * failed, or one that is proven and stays in the way.
 */
const struct candidate *blame_choose(const struct facts *facts,
				     const struct candidate *candidates, size_t count);

#endif
