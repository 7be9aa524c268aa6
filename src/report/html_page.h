/*
 * What the pages of the HTML report are written with. Everything from outside goes through
 * html_text().
 */
#ifndef BRINK_REPORT_HTML_PAGE_H
#define BRINK_REPORT_HTML_PAGE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "base/units.h"
#include "report/chart.h"
#include "report/findings.h"
#include "report/section.h"

/* A text as character data or the value of a quoted attribute: markup is escaped, bytes
 * that are not UTF-8, control characters and those that turn the direction of writing
 * become U+FFFD. NULL writes nothing. */
void html_text(FILE *out, const char *text);

/* The same of what printf would make; fmt itself is no markup either. */
void html_format(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void html_vformat(FILE *out, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Says why there is nothing to show. */
void html_empty(FILE *out, const char *text);

/* A pair of a description list: name, and value from outside; nothing where it is empty. */
void html_pair(FILE *out, const char *name, const char *value);

/* Writes a word; where the glossary has it, as a link to its definition, which also shows
 * on hover. */
void html_term(FILE *out, const char *word);

/* The glossary: a description list of every word. */
void html_glossary(FILE *out);

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

struct html_page {
	const char *title;
	const struct chart_set *set; /* NULL: none */
	void (*body)(FILE *out, const struct html_page *page);
	const void *arg; /* of body() */
};

/* Writes the page from its template. 0, or -1 without memory for its data. */
int html_page(FILE *out, const struct html_page *page);

/* Opens a section with its heading and how to read it; close with html_section_end(). */
void html_section(FILE *out, const char *id, const char *title, const char *how);
void html_section_begin(FILE *out, const struct section *section);
void html_section_end(FILE *out);

/* The charts of the set from number first on, with their controls, or the reason why there are
 * none. */
void html_charts(FILE *out, const struct chart_set *set, size_t first);

/* How many charts, from the first one on, stand below the verdict of a run: 0 or 1. */
size_t html_lead_charts(const struct chart_set *set);

/* The findings of a kind as a list, "ul" or "ol", below a heading where title is not NULL.
 * Nothing where there are none; returns how many there are. */
size_t html_items(FILE *out, const struct findings *f, const char *kind,
		  const char *title, const char *list);

/* The section with the glossary. */
void html_words(FILE *out);

/* Writes chart number i of the set as a figure. */
void html_chart(FILE *out, const struct chart_set *set, size_t i);

/*
 * The whole set as one script element of data, which the page's script reads: base64 of
 * gzip of a little-endian uint32 with the length of a JSON text, that text, and the
 * columns: for each frame its x, then a byte a column (0: nothing shows it) and where it is
 * 1 its values. A value is the LEB128 varint of 1 + zigzag(value - the last known one), 0
 * where it is not known. The bytes depend on the set alone. 0, or -1 without memory.
 */
int html_data(FILE *out, const struct chart_set *set);

typedef void html_part(FILE *out, const struct findings *f, const struct chart_set *set);

/* The parts of the report of one run, in order. What was expected, and cycles, are left out
 * where there is nothing to say of them. */
html_part html_verdict, html_advice, html_expected, html_timeline, html_funnel,
    html_balance, html_resources, html_growth, html_recovery, html_cycles, html_more,
    html_evidence, html_ruled_out, html_environment;

/* Writes the page of two runs or more. 0, or -1 as html_report() does. */
int html_compare(FILE *out, struct db *db, const struct findings *runs, size_t count);

#endif
