#include "run/abort_on.h"

#define TOTAL(LIVE, member) \
	[LIVE] = { .in_totals = true, .offset = offsetof(struct counts, member) }
#define BOARD(LIVE, member) \
	[LIVE] = { .on_board = true, .offset = offsetof(struct board, member) }

/* Where each figure that is known meanwhile lies. */
static const struct {
	bool in_totals, on_board;
	size_t offset;
} places[LIVE_COUNT] = {
	TOTAL(LIVE_ATTEMPTED, attempted),
	TOTAL(LIVE_ESTABLISHED, established),
	TOTAL(LIVE_ACCEPTED, accepted),
	TOTAL(LIVE_SERVED, served),
	TOTAL(LIVE_HELD, held),
	TOTAL(LIVE_FAILED, failed),
	TOTAL(LIVE_MISSED, missed),
	TOTAL(LIVE_LOST, lost),
	BOARD(LIVE_AVAILABLE_MEMORY, available_bytes),
	BOARD(LIVE_FDS, fds),
	BOARD(LIVE_MEMORY, rss_bytes),
	BOARD(LIVE_QUEUE, queue),
	BOARD(LIVE_TIME_WAIT, time_wait),
};

static int64_t
total_read(const struct counts *totals, size_t offset)
{
	return *(const int64_t *)(const void *)((const char *)totals + offset);
}

static int64_t
board_read(const struct board *board, size_t offset)
{
	return atomic_load_explicit(
	    (const _Atomic int64_t *)(const void *)((const char *)board + offset),
	    memory_order_relaxed);
}

static double
canary_failed(struct ledger *ledger)
{
	struct counts canary;

	worker_counts(ledger_canary(ledger), &canary);
	return (double)canary.failed;
}

bool
figure_now(const struct figure *figure, struct ledger *ledger,
	   const struct counts *totals, double *value)
{
	const struct board *board = &ledger->board;
	enum figure_live live = figure->live;

	if (places[live].on_board) {
		*value = (double)board_read(board, places[live].offset);
		return atomic_load(&board->tick_us) > 0;
	}
	if (places[live].in_totals)
		*value = (double)total_read(totals, places[live].offset);
	else if (live == LIVE_CANARY_FAILED)
		*value = canary_failed(ledger);
	else if (live == LIVE_DURATION)
		*value = (double)ledger_now_us(ledger);
	return live != LIVE_NOT;
}

const struct expectation *
abort_on_check(struct ledger *ledger, const struct counts *totals, double *value)
{
	const struct expectation_list *list = &ledger->plan->abort_on;

	for (size_t i = 0; i < list->count; i++) {
		const struct expectation *e = &list->all[i];

		if (figure_now(e->figure, ledger, totals, value) &&
		    expectation_holds(e, *value))
			return e;
	}
	return NULL;
}
