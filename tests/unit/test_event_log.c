#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/log.h"
#include "run/record.h"

static const struct plan plan = {
	.clients = 10, .per_client = 10, .acceptors = 1, .forkers = 1
};

struct bench {
	struct ledger *ledger;
	struct event_log event_log;
	uint64_t cursor;
	int err; /* where standard error was */
	int said[2];
};

/* Standard error is a pipe while a test runs. */
static int
setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){ .ledger = ledger_map(&plan) };
	*state = &bench;
	if (bench.ledger == NULL || pipe(bench.said) == -1)
		return -1;
	bench.event_log.ledger = bench.ledger;
	bench.cursor = ring_tail(bench.ledger->events);
	fflush(stderr);
	bench.err = dup(STDERR_FILENO);
	return dup2(bench.said[1], STDERR_FILENO) == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	dup2(bench->err, STDERR_FILENO);
	close(bench->err);
	close(bench->said[0]);
	close(bench->said[1]);
	log_set_quiet(false);
	ledger_unmap(bench->ledger);
	return 0;
}

/* What was written to standard error since the last call. */
static const char *
said(struct bench *bench)
{
	static char text[4096];
	ssize_t length;

	/* A mark behind it, so that there is always something to read. */
	assert_int_equal(write(bench->said[1], "$", 1), 1);
	length = read(bench->said[0], text, sizeof(text));
	assert_true(length > 0 && text[length - 1] == '$');
	text[length - 1] = '\0';
	return text;
}

static const void *
next(struct bench *bench, uint32_t kind)
{
	struct ring_record record;

	assert_true(ring_next(bench->ledger->events, &bench->cursor, &record));
	assert_int_equal(record.kind, kind);
	return record.data;
}

static void
phases_are_numbered_and_timed(void **state)
{
	struct bench *bench = *state;
	static const char *const names[] = { "baseline", "ramp", "end" };
	int64_t before_us = ledger_now_us(bench->ledger);

	for (int64_t i = 0; i < 3; i++)
		event_log_phase(&bench->event_log, i / 2, names[i], i * 100);
	for (int64_t i = 0; i < 3; i++) {
		const struct phase_record *phase = next(bench, RECORD_PHASE);

		assert_int_equal(phase->seq, i);
		assert_int_equal(phase->cycle, i / 2);
		assert_int_equal(phase->target, i * 100);
		assert_string_equal(phase->name, names[i]);
		assert_in_range(phase->from_us, before_us, ledger_now_us(bench->ledger));
		before_us = phase->from_us;
	}
}

static void
events_are_numbered_apart_from_phases(void **state)
{
	struct bench *bench = *state;
	const struct event_record *event;

	event_log_phase(&bench->event_log, 0, "baseline", 0);
	event_log_add(&bench->event_log, EVENT_FINDING, "worker-died", "acceptor 1",
		      "exited with status %d", 3);
	event_log_add(&bench->event_log, EVENT_WARNING, "x", "run", "y");
	next(bench, RECORD_PHASE);
	event = next(bench, RECORD_EVENT);
	assert_int_equal(event->seq, 0);
	assert_int_equal(event->level, EVENT_FINDING);
	assert_string_equal(event->kind, "worker-died");
	assert_string_equal(event->subject, "acceptor 1");
	assert_string_equal(event->text, "exited with status 3");
	event = next(bench, RECORD_EVENT);
	assert_int_equal(event->seq, 1);
	assert_int_equal(event->level, EVENT_WARNING);
}

/* Every byte that goes to the store is known: texts end, and nothing of the stack follows. */
static void
long_texts_are_cut_whole(void **state)
{
	struct bench *bench = *state;
	const struct event_record *event;
	const struct phase_record *phase;
	char text[1000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	event_log_add(&bench->event_log, EVENT_INFO, text, text, "%s", text);
	event_log_phase(&bench->event_log, 0, text, 0);
	event = next(bench, RECORD_EVENT);
	assert_int_equal(strlen(event->kind), RECORD_NAME - 1);
	assert_int_equal(strlen(event->subject), RECORD_NAME - 1);
	assert_int_equal(strlen(event->text), 255);
	phase = next(bench, RECORD_PHASE);
	assert_int_equal(strlen(phase->name), RECORD_NAME - 1);
}

static void
what_follows_a_text_is_zero(void **state)
{
	struct bench *bench = *state;
	const struct event_record *event;

	event_log_add(&bench->event_log, EVENT_INFO, "kind", "run", "text");
	event = next(bench, RECORD_EVENT);
	for (size_t i = strlen("kind"); i < sizeof(event->kind); i++)
		assert_int_equal(event->kind[i], '\0');
	for (size_t i = strlen("text"); i < sizeof(event->text); i++)
		assert_int_equal(event->text[i], '\0');
}

static void
events_are_said_with_their_time(void **state)
{
	struct bench *bench = *state;
	double s;

	event_log_add(&bench->event_log, EVENT_FINDING, "broken", "run",
		      "failures go on");
	assert_int_equal(sscanf(said(bench), "brink: %lf s: run: failures go on", &s), 1);
	assert_true(s >= 0 && s < 60);
}

/* --quiet leaves warnings and the verdict: "once more ends everything now" is one. */
static void
quiet_leaves_warnings(void **state)
{
	struct bench *bench = *state;

	log_set_quiet(true);
	event_log_add(&bench->event_log, EVENT_INFO, "released", "clients", "let go");
	event_log_add(&bench->event_log, EVENT_FINDING, "broken", "run",
		      "failures go on");
	assert_string_equal(said(bench), "");
	event_log_add(&bench->event_log, EVENT_WARNING, "worker-restarted", "sampler",
		      "started again");
	assert_non_null(strstr(said(bench), "sampler: started again"));
	/* The store has them all. */
	for (int i = 0; i < 3; i++)
		next(bench, RECORD_EVENT);
}

#define EVENT_LOG_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EVENT_LOG_TEST(phases_are_numbered_and_timed),
		EVENT_LOG_TEST(events_are_numbered_apart_from_phases),
		EVENT_LOG_TEST(long_texts_are_cut_whole),
		EVENT_LOG_TEST(what_follows_a_text_is_zero),
		EVENT_LOG_TEST(events_are_said_with_their_time),
		EVENT_LOG_TEST(quiet_leaves_warnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
