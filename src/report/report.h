/*
 * The formats in which findings can be written.
 */
#ifndef BRINK_REPORT_REPORT_H
#define BRINK_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/exit_code.h"
#include "report/findings.h"
#include "store/db.h"

struct report_options {
	bool colour;
	bool markdown;       /* tables and lists as Markdown has them */
	const char *heading; /* in place of a section's own; NULL: as it is */
};

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

/* What "brink run" exits with: EXIT_EXPECTATION where one did not pass; else EXIT_FAILED where no
 * connection was made; EXIT_INCONCLUSIVE; EXIT_UNTRUSTED where over 2 % of the ticks are missing
 * or late, or the disk of the database was full; else EXIT_DONE. */
enum exit_code report_exit_code(const struct findings *findings);

void report_text(const struct findings *findings, const struct report_options *options,
		 FILE *out);
/* One screen of it, 40 lines of 80 columns at most: the verdict with its proof, the funnel, what
 * a connection costs, growth, recovery, what is next, and what to do. */
void report_summary(const struct findings *findings, const struct report_options *options,
		    FILE *out);
/* A document with all sections, to be pasted into an issue. */
void report_markdown(const struct findings *findings,
		     const struct report_options *options, FILE *out);
void report_json(const struct findings *findings, const struct report_options *options,
		 FILE *out);

/*
 * Writes the figures of the runs in the text format of OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/), in which they are also valid
 * for a Prometheus text file collector: gauges without timestamps. Every sample has the
 * labels run and label. 0, or -1 (see db_error).
 */
int openmetrics_write(struct db *db, const int64_t *run_ids, size_t count, FILE *out);

/*
 * The HTML report: one file that needs nothing else and asks for nothing, opened from
 * file://. Its bytes depend on the database and this program alone.
 */

/* Writes the report of one run, or of several compared, as they are at one moment. 0, or -1 where the store cannot be
 * read (see db_error) or memory is short; errors of out are the caller's to check. */
int html_report(FILE *out, struct db *db, const int64_t *run_ids, size_t count);

/* Writes the index of all runs, whose reports lie beside it by html_run_name(). 0, or -1
 * likewise. */
int html_index(FILE *out, struct db *db);

#define HTML_NAME 32

/* "run-17.html" */
char *html_run_name(int64_t run_id, char *buf);

#endif
