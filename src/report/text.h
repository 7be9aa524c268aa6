/*
 * The text report: headings, tables and lists, which Markdown shares, and its parts.
 */
#ifndef BRINK_REPORT_TEXT_H
#define BRINK_REPORT_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "report/findings.h"
#include "report/report.h"
#include "report/section.h"
#include "report/table.h"

/* A heading, after an empty line. */
void text_heading(const char *heading, const struct report_options *options, FILE *out);

/* The first row of a table, a text a column. */
void text_headings(struct table *table, const char *const *texts);

/* Ends a table. */
void text_table(struct table *table, const struct report_options *options, FILE *out);

/* A line of a list; fmt is printf's. */
void text_line(const struct report_options *options, FILE *out, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A name and what is said of it; nothing where that is empty. */
void text_pair(const struct report_options *options, FILE *out, const char *name,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The texts of all findings of a kind, a line each. Returns how many there are. */
size_t text_findings(const struct findings *findings, const char *kind,
		     const struct report_options *options, FILE *out);

/* The table of a section with its heading; nothing where it shows no row. Returns how many
 * rows it has. */
size_t text_rows(const struct section *section, const struct findings *findings,
		 const struct report_options *options, FILE *out);

/* Lines, with a heading where they stand for themselves; nothing where there is nothing to
 * say. */
typedef void text_lines(const struct findings *findings,
			const struct report_options *options, FILE *out);

text_lines text_more, text_unchanged, text_leaks, text_forecast, text_recovered,
    text_trends, text_baseline, text_ruled_out, text_notes, text_recommendations,
    text_environment;

/* A part of the document: a section, lines below it, or both. */
struct text_part {
	const struct section *section; /* NULL: the lines alone */
	text_lines *lines;             /* NULL: the table alone */
};

void text_part(const struct text_part *part, const struct findings *findings,
	       const struct report_options *options, FILE *out);

/* "run 17 · leak · 20,000 clients at 2,000/s · …", and an empty line. */
void text_title(const struct findings *findings, FILE *out);

/* "BROKE at 19,991 held, 10.0 s after the first attempt", or "SURVIVED: …". */
void text_headline(const struct findings *findings, const struct report_options *options,
		   FILE *out);

/* What the limit is, the counts, the proof and what followed; nothing where the run did
 * not break. */
void text_proof(const struct findings *findings, FILE *out);

#endif
