/*
 * The verdict at the head of the text report.
 */
#ifndef BRINK_REPORT_TEXT_VERDICT_H
#define BRINK_REPORT_TEXT_VERDICT_H

#include <stdio.h>

#include "report/findings.h"
#include "report/report_options.h"

/* "BROKE at 19,991 held, 10.0 s after the first attempt", or "SURVIVED: …". */
void text_headline(const struct findings *findings, const struct report_options *options,
		   FILE *out);

/* What the limit is, the counts, the proof and what followed; nothing where the run did
 * not break. */
void text_proof(const struct findings *findings, FILE *out);

#endif
