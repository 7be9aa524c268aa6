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

#endif
