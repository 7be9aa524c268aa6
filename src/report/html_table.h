/*
 * Tables in HTML.
 */
#ifndef BRINK_REPORT_HTML_TABLE_H
#define BRINK_REPORT_HTML_TABLE_H

#include <stdio.h>

#include "base/units.h"
#include "report/findings.h"

/* Opens a table that scrolls by itself, down to its rows; close with html_table_end(). A
 * heading that begins with '>' is over figures; words of the glossary become links to it.
 * The caption is for those who do not see the table. */
void html_table(FILE *out, const char *caption, const char *const *headings,
		size_t count);
void html_table_end(FILE *out);

/* Cells: text, and figures that stand at the right. */
void html_cell(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_figure(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A line of small print below what a cell says. */
void html_aside(FILE *out, const char *text);

/* A cell with a value and what it is by ("/s"), its interval below; a dash where it is not
 * known. */
void html_estimate(FILE *out, const struct findings_estimate *estimate, enum unit unit,
		   const char *suffix);

/* Opens a row whose heading is what a person calls the resource, and below it the subject
 * and the name to ask the store by. */
void html_resource_row(FILE *out, const char *resource, const char *subject);

#endif
