/*
 * Text into HTML. Everything from outside goes through here.
 */
#ifndef BRINK_REPORT_HTML_WRITE_H
#define BRINK_REPORT_HTML_WRITE_H

#include <stdio.h>

#include "base/units.h"
#include "report/findings.h"

/* A text as character data or the value of a quoted attribute: markup is escaped, bytes
 * that are not UTF-8, control characters and those that turn the direction of writing
 * become U+FFFD. NULL writes nothing. */
void html_text(FILE *out, const char *text);

/* The same of what printf would make; fmt itself is no markup either. */
void html_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Cells of a table: text, and figures that stand at the right. */
void html_cell(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_figure(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Opens a table that scrolls by itself, down to its rows; close with html_table_end(). A
 * heading that begins with '>' is over figures; words of the glossary become links to it.
 * The caption is for those who do not see the table. */
void html_table(FILE *out, const char *caption, const char *const *headings,
		size_t count);
void html_table_end(FILE *out);

/* A line of small print below what a cell says. */
void html_aside(FILE *out, const char *text);

/* A cell with a value and what it is by ("/s"), its interval below; a dash where it is not
 * known. */
void html_estimate(FILE *out, const struct findings_estimate *estimate, enum unit unit,
		   const char *suffix);

/* Opens a row whose heading is a resource, and below it the subject. */
void html_resource_row(FILE *out, const char *resource, const char *subject);

/* Says why there is nothing to show. */
void html_empty(FILE *out, const char *text);

/* A pair of a description list: name, and value from outside; nothing where it is empty. */
void html_pair(FILE *out, const char *name, const char *value);

#endif
