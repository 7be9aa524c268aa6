/*
 * The instant at which connections that should have succeeded stopped succeeding.
 */
#ifndef BRINK_ANALYSE_BREAKING_POINT_H
#define BRINK_ANALYSE_BREAKING_POINT_H

#include "analyse/candidate.h"

/*
 * False where nothing gave way. Else *cause is the candidate to blame; or, where the
 * supervisor confirmed a break that no rule explains, one without a rule: its time is that
 * of the last progress, its call the one that failed most since.
 */
bool breaking_point_find(const struct facts *facts, const struct candidate *candidates,
			 size_t count, struct candidate *cause);

/* A worker notes the state at the first failure of a kind only. Where a later cycle broke
 * and no call that first failed in it shows why, but the call that showed the cause of an
 * earlier break failed in it too, that is its cause, and likely. */
void breaking_point_recall(const struct facts *facts, const struct candidate *before,
			   struct candidate *cause);

/* Connections at the break: where the server's side gave way those accepted that were neither
 * lost nor let go, else those held. */
int64_t breaking_point_held(const struct candidate *cause);

/* Writes the run's row of breaking_point. 0, or -1. */
int breaking_point_store(const struct facts *facts, const struct candidate *cause);

#endif
