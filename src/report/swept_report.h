/*
 * A sweep, as a person or another program reads it.
 */
#ifndef BRINK_REPORT_SWEPT_REPORT_H
#define BRINK_REPORT_SWEPT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "analyse/swept.h"
#include "analyse/swept_effect.h"
#include "report/report.h"

/* A table of the points: what gave way, at how many connections; where that changes; and which
 * option makes a difference to what. full: every figure that was loaded as well. */
void swept_text(const struct swept *swept, const struct swept_effects *effects, bool full,
		const struct report_options *options, FILE *out);
/* The same, in full. */
void swept_markdown(const struct swept *swept, const struct swept_effects *effects,
		    FILE *out);
/* A page: what gave way as a map of the points, by name and pattern, each cell linked to the
 * reports of its runs, which are run_prefix and html_run_name() beside it; what makes a
 * difference; and curves with intervals. Its bytes depend on the store alone. 0, or -1 without
 * memory; errors of out are the caller's to check. */
int swept_html(const struct swept *swept, const struct swept_effects *effects,
	       const char *run_prefix, FILE *out);
void swept_json(const struct swept *swept, const struct swept_effects *effects,
		FILE *out);

#endif
