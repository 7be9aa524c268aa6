/*
 * A sweep, as a person or another program reads it.
 */
#ifndef BRINK_REPORT_SWEPT_REPORT_H
#define BRINK_REPORT_SWEPT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "analyse/swept.h"
#include "report/report.h"

/* A table of the points: what gave way, at how many connections; and where that changes. full:
 * every figure as well. */
void swept_text(const struct swept *swept, bool full,
		const struct report_options *options, FILE *out);
/* All of it. */
void swept_markdown(const struct swept *swept, FILE *out);
void swept_json(const struct swept *swept, FILE *out);

#endif
