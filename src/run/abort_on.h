/*
 * --abort-on: figures of the running run, from the ledger and what the sampler left on
 * its board.
 */
#ifndef BRINK_RUN_ABORT_ON_H
#define BRINK_RUN_ABORT_ON_H

#include "run/ledger.h"

/* Reads a figure as it is now: false where it is not known (yet), or only at the end. */
bool figure_now(const struct figure *figure, struct ledger *ledger,
		const struct counts *totals, double *value);

/* The first of the plan's --abort-on that holds now, or NULL; value receives what it was
 * seen at. */
const struct expectation *abort_on_check(struct ledger *ledger,
					 const struct counts *totals, double *value);

#endif
