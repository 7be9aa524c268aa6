/*
 * Text in aligned columns.
 */
#ifndef BRINK_REPORT_TABLE_H
#define BRINK_REPORT_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct table {
	size_t columns;
	const char *align;      /* a letter a column: l or r; read at the end */
	char **cells;           /* columns a row, the heading first */
	size_t count, capacity; /* cells */
};

/* Begins a table; align also says how many columns there are. */
void table_begin(struct table *table, const char *align);

/* The next cell, row by row; fmt is printf's. */
void table_cell(struct table *table, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the rows, each after indent, two spaces between columns, and frees the table. */
void table_end(struct table *table, const char *indent, FILE *out);

/* The same as a Markdown table; what Markdown gives a meaning to is escaped. */
void table_end_markdown(struct table *table, FILE *out);

/* A text in Markdown that is to be read as it is. */
void table_write_markdown(const char *text, FILE *out);

/* Drops a table that is not to be written. */
void table_free(struct table *table);

/* Columns that a UTF-8 text takes on a terminal, one a character. */
size_t table_width(const char *text);

#endif
