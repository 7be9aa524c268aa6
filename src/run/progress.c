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

/* The line as far as it is written, and the most that it may take. */
struct line {
	char *text;
	size_t used, width;
};

/* What is told, in the order of what matters most: see progress_line(). */
struct view {
	const struct progress *progress;
	struct ledger *ledger;
	const struct board *board;
	const struct phases *phases;
	const struct counts *totals, *canary;
	int64_t now_us;
};

static void add(struct line *line, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A part that does not fit is left out whole. */
static void
add(struct line *line, const char *fmt, ...)
{
	size_t left = line->width - line->used;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vsnprintf(line->text + line->used, left + 1, fmt, args);
	va_end(args);
	if (length > 0 && (size_t)length <= left)
		line->used += (size_t)length;
	line->text[line->used] = '\0';
}

static int64_t
seen(const _Atomic int64_t *value)
{
	return atomic_load_explicit(value, memory_order_relaxed);
}

/* How long the phase will still take; -1: nobody knows. */
static int64_t
left_us(const struct view *v)
{
	const struct plan *plan = v->phases->plan;
	const int64_t planned_us[PHASE_COUNT] = {
		[PHASE_BASELINE] = plan->baseline_us,
		[PHASE_PLATEAU] = plan->plateau_us,
		[PHASE_HOLD] = plan->hold_us,
		[PHASE_EXHAUSTED] = plan->linger_us,
		[PHASE_RECOVERY] = -1,
	};
	int64_t slots = v->totals->attempted + v->totals->missed, left;

	if (v->phases->phase == PHASE_RECOVERY ||
	    (v->phases->phase == PHASE_RAMP && plan->rate == 0))
		return -1;
	if (v->phases->phase == PHASE_RAMP)
		left = (v->phases->target - slots) * US_PER_S / plan->rate;
	else
		left = planned_us[v->phases->phase] - (v->now_us - v->phases->from_us);
	return left > 0 ? left : -1;
}

static void
add_phase(struct line *line, const struct view *v)
{
	int64_t left = left_us(v);
	char text[UNITS_TEXT_SIZE];

	add(line, "%6.1f s %s", (double)v->now_us / US_PER_S,
	    phase_name(v->phases->phase));
	if (left >= 0)
		add(line, ", %s left", units_format(UNIT_US, left, text));
}

/* Held by the clients; the kernel may have taken some of them that the server did not. */
static void
add_held(struct line *line, const struct view *v)
{
	const struct counts *totals = v->totals;
	char held[UNITS_TEXT_SIZE], target[UNITS_TEXT_SIZE], waiting[UNITS_TEXT_SIZE];

	units_format(UNIT_COUNT, totals->held, held);
	if (v->phases->plan->clients > 0)
		add(line, " | %s of %s held", held,
		    units_format(UNIT_COUNT, v->phases->plan->clients, target));
	else
		add(line, " | %s held", held);
	if (totals->established > totals->accepted && v->phases->phase < PHASE_RECOVERY)
		add(line, ", %s not accepted",
		    units_format(UNIT_COUNT, totals->established - totals->accepted,
				 waiting));
}

static void
add_canary(struct line *line, const struct view *v)
{
	add(line, " | canary %lld of %lld", (long long)v->canary->served,
	    (long long)v->canary->attempted);
}

/* What would be met first, and when at the rate since the line before. */
static void
add_nearest(struct line *line, const struct view *v)
{
	const struct progress *progress = v->progress;
	const struct ceiling *nearest = &progress->nearest;
	char at[UNITS_TEXT_SIZE], in[UNITS_TEXT_SIZE];
	int64_t held = v->totals->held, grown = held - progress->last_held;
	int64_t took_us = v->now_us - progress->last_us;

	if (nearest->name == NULL || v->phases->phase >= PHASE_EXHAUSTED)
		return;
	units_format(UNIT_COUNT, nearest->low, at);
	if (grown > 0 && held < nearest->low)
		add(line, " | next %s at %s in %s", nearest->name, at,
		    units_format(UNIT_US, (nearest->low - held) * took_us / grown, in));
	else
		add(line, " | next %s at %s", nearest->name, at);
}

static void
add_failed(struct line *line, const struct view *v)
{
	if (v->totals->failed > 0)
		add(line, " | %lld failed", (long long)v->totals->failed);
}

static void
add_queue(struct line *line, const struct view *v)
{
	int64_t queue = seen(&v->board->queue);

	if (queue > 0 && v->phases->phase < PHASE_EXHAUSTED)
		add(line, " | accept queue %lld of %lld", (long long)queue,
		    (long long)seen(&v->board->queue_limit));
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
add_cost(struct line *line, const struct view *v)
{
	int64_t ends = count_ends(v->ledger, v->totals);
	int64_t bytes = seen(&v->board->rss_bytes) - v->progress->base_rss;
	char memory[UNITS_TEXT_SIZE];

	if (ends == 0)
		return;
	add(line, " | %.2f fds, %s per connection",
	    2.0 * (double)(seen(&v->board->fds) - v->progress->base_fds) / (double)ends,
	    units_format(UNIT_BYTES, 2 * bytes / ends, memory));
}

static void
add_counts(struct line *line, const struct view *v)
{
	add(line, " | %lld attempted, %lld established, %lld accepted, %lld served",
	    (long long)v->totals->attempted, (long long)v->totals->established,
	    (long long)v->totals->accepted, (long long)v->totals->served);
}

/* What matters most comes first, and is what a narrow terminal shows. */
static void (*const parts[])(struct line *line, const struct view *v) = {
	add_phase,  add_held,  add_canary, add_nearest,
	add_failed, add_queue, add_cost,   add_counts,
};

void
progress_line(const struct progress *progress, struct ledger *ledger,
	      const struct phases *phases, const struct counts *totals, int64_t now_us,
	      char *text, size_t width)
{
	struct line line = { .text = text, .width = width };
	struct counts canary;
	struct view view = { progress, ledger,  &ledger->board, phases,
			     totals,   &canary, now_us };

	worker_counts(ledger_canary(ledger), &canary);
	text[0] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](&line, &view);
}

/* A line that wraps cannot be redrawn. */
static size_t
width_of(const struct progress *progress)
{
	struct winsize window;

	if (progress->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 &&
	    window.ws_col > 1 && window.ws_col <= PROGRESS_WIDTH_MAX)
		return window.ws_col - 1U;
	return PROGRESS_WIDTH_MAX;
}

void
progress_show(struct progress *progress, struct ledger *ledger,
	      const struct phases *phases, const struct counts *totals)
{
	const struct board *board = &ledger->board;
	int64_t now_us = ledger_now_us(ledger);
	char text[PROGRESS_WIDTH_MAX + 1];

	if (phases->phase == PHASE_BASELINE) {
		progress->base_fds = seen(&board->fds);
		progress->base_rss = seen(&board->rss_bytes);
	}
	if (progress->quiet || now_us < progress->next_us)
		return;
	progress->next_us = now_us + progress->every_us;
	progress_line(progress, ledger, phases, totals, now_us, text, width_of(progress));
	if (progress->terminal)
		fprintf(stderr, CLEAR_LINE "%s", text);
	else
		fprintf(stderr, "%s\n", text);
	fflush(stderr);
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
