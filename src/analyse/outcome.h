/*
 * How a run ended, in a word and a sentence. Survived is a claim about everything that its
 * plan called for: analyse/shortfall.h has what must be so.
 */
#ifndef BRINK_ANALYSE_OUTCOME_H
#define BRINK_ANALYSE_OUTCOME_H

#include "analyse/candidate.h"

struct outcome {
	const char *word; /* as in run.outcome */
	char text[384];   /* a sentence without its full stop */
};

/* cause: what broke; NULL: nothing did. */
void outcome_decide(struct outcome *outcome, const struct facts *facts,
		    const struct candidate *cause);

#endif
