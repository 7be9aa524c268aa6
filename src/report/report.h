/*
 * The formats in which findings can be written.
 */
#ifndef BRINK_REPORT_REPORT_H
#define BRINK_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/findings.h"
#include "report/report_options.h"

struct report_writer {
	const char *name; /* as in --format */
	const char *help;
	void (*write)(const struct findings *findings,
		      const struct report_options *options, FILE *out);
};

extern const struct report_writer report_writers[];
extern const size_t report_writer_count;

/* True where colour may be written to the stream: a terminal that is not TERM=dumb, with
 * NO_COLOR (no-color.org) unset or empty. */
bool report_may_colour(FILE *out);

/* What "brink run" exits with: 99 where an expectation did not pass; else 1 where no
 * connection was made; 3 where the run is inconclusive; 4 where the data are not to be
 * trusted: over 2 % of the ticks are missing or late, or the disk of the database was
 * full; else 0. */
int report_exit_code(const struct findings *findings);

void report_text(const struct findings *findings, const struct report_options *options,
		 FILE *out);
/* A document with all sections, to be pasted into an issue. */
void report_markdown(const struct findings *findings,
		     const struct report_options *options, FILE *out);
void report_json(const struct findings *findings, const struct report_options *options,
		 FILE *out);

#endif
