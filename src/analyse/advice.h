/*
 * What to do about a finding, what it would buy, and what would be met next.
 */
#ifndef BRINK_ANALYSE_ADVICE_H
#define BRINK_ANALYSE_ADVICE_H

#include "analyse/finding.h"
#include "analyse/verdict.h"

/* Writes the recommendations of the run. 0, or -1. */
int advice_store(struct finding_writer *writer, const struct facts *facts,
		 const struct verdict *verdict);

/* Writes an alarm threshold for each of the nearest limits. 0, or -1. */
int advice_alarms_store(struct finding_writer *writer, const struct facts *facts);

#endif
