#include "run/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/escape.h"
#include "base/units.h"

#define CLEAR_LINE ESCAPE_CLEAR_LINE
#define REDRAW_US  100000

void
progress_init(struct progress *progress, const struct plan *plan)
{
	const char *term = getenv("TERM");
	struct ceiling ceilings[CEILING_MAX];
	struct host host;

	*progress = (struct progress){ .quiet = plan->quiet != 0 };
	progress->terminal = isatty(STDERR_FILENO) && term != NULL &&
			     strcmp(term, "dumb") != 0 && !progress->quiet;
	progress->every_us = progress->terminal ? REDRAW_US : plan->status_us;
	host_read(&host, plan->uid);
	if (ceiling_list(plan, &host, ceilings) > 0)
		progress->nearest = ceilings[0];
	if (progress->terminal)
		log_set_prefix(CLEAR_LINE);
}

/* The line as far as it is written. */
struct line {
	char text[512];
	size_t used;
};

static void add(struct line *line, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
add(struct line *line, const char *fmt, ...)
{
	size_t left = sizeof(line->text) - line->used;
	va_list args;

	va_start(args, fmt);
	int length = vsnprintf(line->text + line->used, left, fmt, args);
	va_end(args);
	if (length > 0)
		line->used += (size_t)length < left ? (size_t)length : left - 1;
}

static int64_t
seen(const _Atomic int64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

/* Ends of connections at all workers: the clients' with those under way, and the acceptors',
 * which strangers have too. */
static int64_t
count_ends(struct ledger *ledger, const struct counts *totals)
{
	int64_t ends = totals->held + totals->in_flight;

	for (int32_t i = 0; i < ledger->acceptors; i++) {
		struct counts acceptor;

		worker_counts(ledger_acceptor(ledger, i), &acceptor);
		ends += acceptor.held;
	}
	return ends;
}

/* A connection has two ends. */
static void
add_cost(struct line *line, const struct progress *progress, const struct board *board,
	 int64_t ends)
{
	char memory[UNITS_TEXT_SIZE];

	if (ends == 0)
		return;
	units_format(UNIT_BYTES,
		     2 * (seen(&board->rss_bytes) - progress->base_rss) / ends, memory);
	add(line, " | %.2f fds, %s per connection",
	    2.0 * (double)(seen(&board->fds) - progress->base_fds) / (double)ends,
	    memory);
}

/* What would be met first, and when at the rate since the line before. */
static void
add_nearest(struct line *line, const struct progress *progress, const struct board *board,
	    int64_t held, int64_t now_us)
{
	const struct ceiling *nearest = &progress->nearest;
	char at[UNITS_TEXT_SIZE], in[UNITS_TEXT_SIZE];
	int64_t grown = held - progress->last_held, took_us = now_us - progress->last_us;
	int64_t queue = seen(&board->queue), limit = seen(&board->queue_limit);

	if (queue > 0)
		add(line, " | accept queue %lld of %lld", (long long)queue,
		    (long long)limit);
	if (nearest->name == NULL)
		return;
	add(line, " | next %s at %s", nearest->name,
	    units_format(UNIT_COUNT, nearest->low, at));
	if (grown > 0 && held < nearest->low)
		add(line, " in %s",
		    units_format(UNIT_US, (nearest->low - held) * took_us / grown, in));
}

static void
write_line(const struct progress *progress, struct line *line)
{
	struct winsize window;

	if (!progress->terminal) {
		fprintf(stderr, "%s\n", line->text);
		return;
	}
	/* A line that wraps cannot be redrawn. */
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1 &&
	    line->used >= window.ws_col)
		line->text[window.ws_col - 1] = '\0';
	fprintf(stderr, CLEAR_LINE "%s", line->text);
	fflush(stderr);
}

void
progress_show(struct progress *progress, struct ledger *ledger,
	      const struct phases *phases, const struct counts *totals)
{
	const struct board *board = &ledger->board;
	int64_t now_us = ledger_now_us(ledger);
	struct line line = { .used = 0 };
	struct counts canary;

	if (phases->phase == PHASE_BASELINE) {
		progress->base_fds = seen(&board->fds);
		progress->base_rss = seen(&board->rss_bytes);
	}
	if (progress->quiet || now_us < progress->next_us)
		return;
	progress->next_us = now_us + progress->every_us;
	worker_counts(ledger_canary(ledger), &canary);
	add(&line,
	    "%6.1f s %-9s %lld attempted, %lld established, %lld accepted, %lld served, "
	    "%lld held",
	    (double)now_us / US_PER_S, phase_name(phases->phase),
	    (long long)totals->attempted, (long long)totals->established,
	    (long long)totals->accepted, (long long)totals->served,
	    (long long)totals->held);
	if (totals->failed > 0)
		add(&line, ", %lld failed", (long long)totals->failed);
	add_cost(&line, progress, board, count_ends(ledger, totals));
	add(&line, " | canary %lld of %lld", (long long)canary.served,
	    (long long)canary.attempted);
	if (phases->phase < PHASE_EXHAUSTED)
		add_nearest(&line, progress, board, totals->held, now_us);
	write_line(progress, &line);
	progress->last_held = totals->held;
	progress->last_us = now_us;
}

void
progress_end(const struct progress *progress)
{
	if (!progress->terminal)
		return;
	fputs(CLEAR_LINE, stderr);
	log_set_prefix("");
}
