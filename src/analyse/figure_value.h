/*
 * The figures of plan/figure.h, of a run that was analysed, and what --expect says of them.
 */
#ifndef BRINK_ANALYSE_FIGURE_VALUE_H
#define BRINK_ANALYSE_FIGURE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/figure.h"
#include "store/db.h"

struct figure_value {
	bool known, has_interval;
	double value, low, high; /* in the figure's base unit; 95 % */
};

/* Reads a figure of a run. 0, or -1 (see db_error). */
int figure_value_read(struct figure_value *value, struct db *db, int64_t run_id,
		      const struct figure *figure);
/* The same, where nobody asks how certain a latency is: that takes most of the time. */
int figure_value_read_alone(struct figure_value *value, struct db *db, int64_t run_id,
			    const struct figure *figure);

/* Writes the run's rows of expectation, from its plan and what the analysis stored. What
 * is not known did not pass. 0, or -1. */
int expected_store(struct db *db, int64_t run_id);

#endif
