/*
 * A folder for a store that a test makes, and files made without brink.
 */
#ifndef BRINK_TESTS_MADE_STORE_H
#define BRINK_TESTS_MADE_STORE_H

#include <stddef.h>

#include "store/db.h"

struct made_store {
	char dir[48], path[64]; /* path: brink.db in dir, not there yet */
};

/* Setup and teardown of a cmocka test: *state is a struct made_store. The folder goes with
 * everything in it. */
int made_store_setup(void **state);
int made_store_teardown(void **state);

/* Opens it, which must succeed. */
struct db *made_store_open(const struct made_store *store, enum db_mode mode);

/* The whole file with a NUL behind it; the caller frees it. Failing fails the test. */
char *made_file_read(const char *path, size_t *size);
void made_file_write(const char *path, const char *data, size_t size);

/* Runs SQL as any program of another maker would. */
void made_sqlite(const char *path, const char *sql);
/* The same, but the connection is never closed: the process must end by _exit(2). */
void made_sqlite_killed(const char *path, const char *sql);

#endif
