/*
 * The frame that every page has, and the sections of the report of one run.
 */
#ifndef BRINK_REPORT_HTML_PAGE_H
#define BRINK_REPORT_HTML_PAGE_H

#include <stdio.h>

#include "report/chart.h"
#include "report/findings.h"

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
void html_section_end(FILE *out);

/* All charts of the set with their controls, or the reason why there are none. */
void html_charts(FILE *out, const struct chart_set *set);

/* The section with the glossary. */
void html_words(FILE *out);

typedef void html_part(FILE *out, const struct findings *f, const struct chart_set *set);

/* The parts of the report of one run, in order. What was expected, and cycles, are left out
 * where there is nothing to say of them. */
html_part html_verdict, html_advice, html_expected, html_timeline, html_funnel,
    html_balance, html_resources, html_growth, html_recovery, html_cycles, html_evidence,
    html_ruled_out, html_environment;

/* The findings of a kind as a list, "ul" or "ol", below a heading where title is not NULL.
 * Nothing where there are none; returns how many there are. */
size_t html_items(FILE *out, const struct findings *f, const char *kind,
		  const char *title, const char *list);

#endif
