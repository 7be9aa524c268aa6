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
void swept_json(const struct swept *swept, const struct swept_effects *effects,
		FILE *out);

#endif
