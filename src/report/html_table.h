/*
 * Tables in HTML.
 */
#ifndef BRINK_REPORT_HTML_TABLE_H
#define BRINK_REPORT_HTML_TABLE_H

#include <stdio.h>

#include "base/units.h"
#include "report/section.h"

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

/* Which rows of a section's record are written; NULL: those that the section shows. */
typedef bool html_shows(const struct findings *findings, const void *row);

/* Opens the table of a section; caption NULL: its title. Close with html_table_end(). */
void html_section_table(FILE *out, const struct section *section, const char *caption);

/* Writes its rows; returns how many. */
size_t html_section_rows(FILE *out, const struct section *section,
			 const struct findings *findings, html_shows *shows);

/* The whole table. */
void html_section_all(FILE *out, const struct section *section,
		      const struct findings *findings, html_shows *shows,
		      const char *caption);

#endif
