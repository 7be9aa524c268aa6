/*
 * The rows of any query, in the formats that a person or another program reads.
 */
#ifndef BRINK_REPORT_GRID_H
#define BRINK_REPORT_GRID_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

enum grid_format { GRID_TABLE, GRID_CSV, GRID_JSON, GRID_MARKDOWN, GRID_FORMATS };

/* What was written. */
struct grid {
	int64_t rows;
	bool cut; /* there were more rows than were asked for */
};

/*
 * Steps the statement to its end, or until rows_max rows, and writes its columns' names
 * and its rows to out: aligned columns or a Markdown table, with control characters made
 * visible; CSV by RFC 4180, but for lines that end as on Unix, NULL as nothing and an
 * empty text as ""; or a JSON array of objects. A BLOB is hexadecimal digits. 0, or -1 (see
 * db_error) where the statement failed: the rows before that are written.
 */
int grid_write(struct grid *grid, struct db_statement *s, enum grid_format format,
	       int64_t rows_max, FILE *out);

#endif
