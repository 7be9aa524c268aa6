/*
 * Sections: which rows and columns of the findings make a table. Text, Markdown and HTML are
 * written from these, so that a column has one heading and one look in all of them.
 */
#ifndef BRINK_REPORT_SECTION_H
#define BRINK_REPORT_SECTION_H

#include "report/findings.h"

enum section_format {
	SECTION_ALL,
	SECTION_TEXT, /* and Markdown */
	SECTION_HTML,
};

struct section_column {
	const char *name; /* of the record's column */
	enum section_format only;
	bool
	    bare; /* without what stands beside the value: its interval, its store name */
};

#define SECTION_COLUMNS 16

struct section {
	const char *id;    /* of the element in HTML */
	const char *title; /* heading */
	const char *help;  /* how to read it */
	const struct record *record;
	struct section_column columns[SECTION_COLUMNS]; /* up to one without a name */
	bool (*shows)(const struct findings *findings, const void *row); /* NULL: all */
	/* In place of the record's rows, in their order: number i of count, NULL: none. */
	const void *(*row)(const struct findings *findings, size_t i);
	size_t count;
};

extern const struct section section_expectations, section_initial, section_progress,
    section_resources, section_own, section_costs, section_memory, section_growth,
    section_forecast, section_recovery, section_recovery_cycles, section_cycles,
    section_trends, section_latency, section_ruled_out, section_workers, section_limits,
    section_settings;

/* Sections that need no place of their own: every format has them, one after the other, where
 * they have a row to show. Another one is a section here and nothing else. */
extern const struct section *const section_more[];
extern const size_t section_more_count;

/* How many rows there may be, and one of them; NULL where the section does not show it. */
size_t section_count(const struct section *section, const struct findings *findings);
const void *section_row(const struct section *section, const struct findings *findings,
			size_t i);

/* It has no row to show. */
bool section_is_empty(const struct section *section, const struct findings *findings);

/* How many columns it has. */
size_t section_columns(const struct section *section);

/* The cell of a column. */
struct cell section_cell(const struct section *section, size_t column,
			 const struct findings *findings, const void *row);

/* Its text, and what stands beside it; "" where there is none. buf holds AMOUNT_SIZE. */
const char *cell_text(const struct cell *cell, char *buf);
const char *cell_aside(const struct cell *cell, char *buf);

/* Levels of what is measured, and of the first cycle: neither processes one by one nor what
 * brink itself takes. */
bool section_shows_level(const struct findings *findings, const void *row);

/* How many of these stayed as they were before the first connection. */
size_t section_unchanged(const struct findings *findings);

/* Levels of processes one by one, brink's own among them, that did not stay so. */
bool section_shows_process(const struct findings *findings, const void *row);

#endif
