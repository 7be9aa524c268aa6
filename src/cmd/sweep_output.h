/*
 * A sweep of the store, written in one of the formats.
 */
#ifndef BRINK_CMD_SWEEP_OUTPUT_H
#define BRINK_CMD_SWEEP_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* As "brink show" has them for a run. */
enum sweep_format { SWEEP_TEXT, SWEEP_JSON, SWEEP_MARKDOWN };

struct sweep_output {
	enum sweep_format format;
	bool full; /* as text every figure */
	bool no_colour;
	const char *path; /* NULL: standard output */
};

/* Writes a sweep that is there, and returns the exit code, after a message where it is not
 * EXIT_DONE. */
int sweep_output_write(struct db *db, int64_t sweep_id, const struct sweep_output *how);

/* Writes the HTML report of a sweep that is there to path (NULL: standard output), complete or
 * not at all, with links to the reports of its runs as "brink run" writes them beside the
 * database. Returns the exit code, after a message where it is not EXIT_DONE. */
int sweep_html_write(struct db *db, int64_t sweep_id, const char *path);

/* Where that goes by itself: beside its database, "brink-sweep-3.html" for brink.db. The caller
 * frees it. */
char *sweep_html_default(const char *db_path, int64_t sweep_id);

#endif
