/*
 * Rows of the store as arrays in memory. Out of memory ends the program: what was begun
 * in the store is rolled back when it is opened next.
 */
#ifndef BRINK_ANALYSE_ROWS_H
#define BRINK_ANALYSE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* count elements of size bytes, zeroed; the caller frees them. */
void *rows_alloc(size_t count, size_t size);

/* The rows of one query. Zeroed before the first use; free data. */
struct rows {
	void *data;
	size_t count, capacity;
};

/* A new zeroed element at the end. Earlier elements may move. */
void *rows_add(struct rows *rows, size_t size);

/*
 * Appends an element of size bytes for every row that sql gives; fill() reads the row into
 * it. ?1 is run_id; ?2 is the text, where it is not NULL. 0, or -1.
 */
int rows_load(struct rows *rows, size_t size, struct db *db, const char *sql,
	      int64_t run_id, const char *text,
	      void (*fill)(struct db_statement *s, void *row));

#endif
