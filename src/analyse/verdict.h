/*
 * The verdict with its proof, what followed from it, what was ruled out, and notes.
 */
#ifndef BRINK_ANALYSE_VERDICT_H
#define BRINK_ANALYSE_VERDICT_H

#include "analyse/finding.h"
#include "analyse/outcome.h"

struct verdict {
	struct outcome outcome;
	const struct candidate *cause;      /* NULL: nothing broke */
	const struct candidate *candidates; /* by time */
	size_t candidate_count;
};

/* Writes them as findings of the run. 0, or -1. */
int verdict_store(struct finding_writer *writer, const struct facts *facts,
		  const struct verdict *verdict);

#endif
