/*
 * Headings, tables and lists, as the text report and Markdown have them.
 */
#ifndef BRINK_REPORT_TEXT_WRITE_H
#define BRINK_REPORT_TEXT_WRITE_H

#include <stddef.h>
#include <stdio.h>

#include "report/findings.h"
#include "report/report_options.h"
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

#endif
