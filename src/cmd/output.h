/*
 * Where a command writes: standard output, or a file that is there complete or not at
 * all; and the HTML report as such a file.
 */
#ifndef BRINK_CMD_OUTPUT_H
#define BRINK_CMD_OUTPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/place.h"
#include "store/db.h"

struct output {
	FILE *stream;
	const char *path; /* NULL: standard output */
	struct place place;
	char *temporary; /* beside it; NULL: written in place */
};

/* path NULL or "-": standard output. What exists and is no regular file is written in place, as is
 * another name of standard output; a named pipe, a socket or a database is refused. Where a symbolic link is in its
 * place, what it leads to is written; where another user could have put it, it is refused:
 * see base/place.h. 0, or -1 after one sentence on standard error. */
int output_begin(struct output *output, const char *path);

/* The same, for its owner alone (0600): a report shows the machine and its command lines. */
int output_begin_private(struct output *output, const char *path);

/* Says beforehand what output_begin_private() would refuse: 0, or -1 after one sentence. */
int output_check(const char *path);

/* What must be writable for the above: the folder where a file is made, or path itself where
 * it is a folder or written in place; NULL where nothing must. The caller frees it. */
char *output_place(const char *path);

/* Makes what was written the file, and returns the exit code; where something could not be
 * written, says so and leaves the file as it was. */
int output_end(struct output *output);

/* Drops what was written; the file stays as it was, but for one written in place. */
void output_drop(struct output *output);

/* Writes the report of one run, or of several compared, to path (NULL: standard output),
 * complete or not at all; see output_begin_private(). Returns the exit code, after a message
 * where it is not EXIT_DONE. */
int html_file_write(struct db *db, const int64_t *runs, size_t count, const char *path);

/* Where a run's report goes by itself: beside its database, "brink-run-17.html" for
 * brink.db. The caller frees it. */
char *html_file_default(const char *db_path, int64_t run_id);

#endif
