/*
 * The frame that every page has, and what its sections share.
 */
#ifndef BRINK_REPORT_HTML_PAGE_H
#define BRINK_REPORT_HTML_PAGE_H

#include <stdio.h>

#include "report/chart.h"
#include "report/section.h"

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

/* All charts of the set with their controls, or the reason why there are none. */
void html_charts(FILE *out, const struct chart_set *set);

/* The findings of a kind as a list, "ul" or "ol", below a heading where title is not NULL.
 * Nothing where there are none; returns how many there are. */
size_t html_items(FILE *out, const struct findings *f, const char *kind,
		  const char *title, const char *list);

/* The section with the glossary. */
void html_words(FILE *out);

#endif
