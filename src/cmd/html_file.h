/*
 * The HTML report as a file.
 */
#ifndef BRINK_CMD_HTML_FILE_H
#define BRINK_CMD_HTML_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* Writes the report of one run, or of several compared, to path (NULL: standard output),
 * complete or not at all; see output_begin_private(). Returns the exit code, after a message
 * where it is not EXIT_DONE. */
int html_file_write(struct db *db, const int64_t *runs, size_t count, const char *path);

/* Where a run's report goes by itself: beside its database, "brink-run-17.html" for
 * brink.db. The caller frees it. */
char *html_file_default(const char *db_path, int64_t run_id);

#endif
