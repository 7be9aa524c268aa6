/*
 * The verdict with its proof, what followed from it, what was ruled out, notes, and what
 * to do about it: the rows of finding and evidence.
 */
#ifndef BRINK_ANALYSE_VERDICT_H
#define BRINK_ANALYSE_VERDICT_H

#include "analyse/blame.h"
#include "analyse/outcome.h"

struct verdict {
	struct outcome outcome;
	const struct suspect *cause;    /* NULL: nothing broke */
	const struct suspect *suspects; /* by time */
	size_t suspect_count;
};

/* Writes all findings of the run; reads its forecast. 0, or -1. */
int verdict_store(const struct facts *facts, const struct verdict *verdict);

#endif
