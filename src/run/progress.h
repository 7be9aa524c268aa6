/*
 * The line that says how far a run is: redrawn on a terminal, now and then elsewhere.
 */
#ifndef BRINK_RUN_PROGRESS_H
#define BRINK_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/ceiling.h"
#include "run/phases.h"
#include "run/ledger.h"

struct progress {
	bool quiet, terminal;
	int64_t every_us, next_us;
	struct ceiling nearest;     /* of those known before the start; no name: none */
	int64_t base_fds, base_rss; /* of the workers, before the first connection */
	int64_t last_held, last_us; /* at the line before */
};

/* The longest line. */
#define PROGRESS_WIDTH_MAX 500

/*
 * Writes the line that there would be at now_us, at most width characters and a NUL: first
 * the phase and how long it still takes, then what is held of the target, the canary, the
 * next limit, and after these what helps to understand them. A part that does not fit is
 * left out.
 */
void progress_line(const struct progress *progress, struct ledger *ledger,
		   const struct phases *phases, const struct counts *totals,
		   int64_t now_us, char *text, size_t width);

void progress_init(struct progress *progress, const struct plan *plan);

/* Writes the line to standard error where it is time to. */
void progress_show(struct progress *progress, struct ledger *ledger,
		   const struct phases *phases, const struct counts *totals);

/* Leaves the terminal as it was. */
void progress_end(const struct progress *progress);

#endif
