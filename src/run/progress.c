#include "run/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/units.h"

#define CLEAR_LINE "\r\033[K"
#define REDRAW_US  100000

void
progress_init(struct progress *progress, const struct plan *plan)
{
	const char *term = getenv("TERM");

	progress->quiet = plan->quiet != 0;
	progress->terminal = isatty(STDERR_FILENO) && term != NULL &&
			     strcmp(term, "dumb") != 0 && !progress->quiet;
	progress->every_us = progress->terminal ? REDRAW_US : plan->status_us;
	progress->next_us = 0;
	if (progress->terminal)
		log_set_prefix(CLEAR_LINE);
}

static void
append_headroom(char *line, size_t size, struct ledger *ledger)
{
	int64_t queue = atomic_load_explicit(&ledger->board.queue, memory_order_relaxed);
	int64_t limit =
	    atomic_load_explicit(&ledger->board.queue_limit, memory_order_relaxed);
	size_t used = strlen(line);

	if (limit > 0 && queue > 0)
		snprintf(line + used, size - used, " | accept queue %lld of %lld",
			 (long long)queue, (long long)limit);
}

void
progress_show(struct progress *progress, struct ledger *ledger,
	      const struct course *course, const struct counts *totals)
{
	int64_t now_us = ledger_now_us(ledger);
	struct counts canary;
	char line[256], fds[UNITS_TEXT_SIZE], rss[UNITS_TEXT_SIZE];

	if (progress->quiet || now_us < progress->next_us)
		return;
	progress->next_us = now_us + progress->every_us;
	worker_counts(ledger_canary(ledger), &canary);
	units_format(UNIT_COUNT,
		     atomic_load_explicit(&ledger->board.fds, memory_order_relaxed), fds);
	units_format(UNIT_BYTES,
		     atomic_load_explicit(&ledger->board.rss_bytes, memory_order_relaxed),
		     rss);
	snprintf(line, sizeof(line),
		 "%7.1f s %-9s attempted %lld established %lld accepted %lld served %lld "
		 "held %lld"
		 " failed %lld | fds %s memory %s | canary %lld of %lld",
		 (double)now_us / 1e6, phase_name(course->phase),
		 (long long)totals->attempted, (long long)totals->established,
		 (long long)totals->accepted, (long long)totals->served,
		 (long long)totals->held, (long long)totals->failed, fds, rss,
		 (long long)canary.served, (long long)canary.attempted);
	append_headroom(line, sizeof(line), ledger);
	fprintf(stderr, progress->terminal ? CLEAR_LINE "%s" : "%s\n", line);
	fflush(stderr);
}

void
progress_end(const struct progress *progress)
{
	if (!progress->terminal)
		return;
	fputs(CLEAR_LINE, stderr);
	log_set_prefix("");
}
