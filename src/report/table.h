/*
 * Text in aligned columns.
 */
#ifndef BRINK_REPORT_TABLE_H
#define BRINK_REPORT_TABLE_H

#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS 12
#define TABLE_CELL    96

struct table {
	size_t columns;
	const char *align;         /* a letter a column: l or r */
	char (*cells)[TABLE_CELL]; /* columns a row, the heading first */
	size_t count, capacity;    /* cells */
};

/* Begins a table; align also says how many columns there are, TABLE_COLUMNS at most. */
void table_begin(struct table *table, const char *align);

/* The next cell, row by row, cut where it is too long; fmt is printf's. */
void table_cell(struct table *table, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the rows, each after indent, two spaces between columns, and frees the table. */
void table_end(struct table *table, const char *indent, FILE *out);

/* Columns that a UTF-8 text takes on a terminal, one a character. */
size_t table_width(const char *text);

#endif
