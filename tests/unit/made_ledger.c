#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "model/resource.h"
#include "made_ledger.h"
#include "run/control.h"
#include "store/recorder.h"
#include "store/run.h"

void
made_ledger_begin(struct made_ledger *made, const struct made_store *store)
{
	char command[] = "brink", label[] = "a name";
	char *argv[] = { command, label };
	struct db *db = made_store_open(store, DB_CREATE);

	*made = (struct made_ledger){
		.store = store,
		.plan = {
			.clients = MADE_CLIENTS * 10,
			.rate = 100,
			.per_client = 10,
			.acceptors = MADE_ACCEPTORS,
			.forkers = MADE_FORKERS,
			.steps = 1,
			.label = label,
		},
	};
	made->ledger = ledger_map(&made->plan);
	assert_non_null(made->ledger);
	assert_int_equal(made->ledger->clients, MADE_CLIENTS);
	made->run_id = run_create(db, &made->plan, 2, argv, made->ledger->started_unix_us,
				  getpid(), stderr);
	assert_true(made->run_id > 0);
	db_close(db);
	assert_int_equal(control_pipe(made->pipe), 0);
}

void
made_ledger_end(struct made_ledger *made)
{
	ledger_unmap(made->ledger);
	close(made->pipe[0]);
	if (made->pipe[1] != -1)
		close(made->pipe[1]);
}

pid_t
made_recorder_start(struct made_ledger *made)
{
	struct recorder_job job = { made->store->path, made->run_id };
	struct worker_context context = {
		.plan = &made->plan,
		.ledger = made->ledger,
		.role = ROLE_RECORDER,
		.orders = made->pipe[0],
		.listener = -1,
		.extra = &job,
	};
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid > 0)
		return pid;
	close(made->pipe[1]);
	_exit(recorder_main(&context));
}

int
made_recorder_wait(pid_t recorder)
{
	int status;

	assert_int_equal(waitpid(recorder, &status, 0), recorder);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
made_recorder_quit(struct made_ledger *made, pid_t recorder)
{
	const struct order quit = { .kind = ORDER_QUIT };

	control_order(made->ledger, made->pipe[1], &quit);
	return made_recorder_wait(recorder);
}

void
made_ledger_near_second(struct made_ledger *made, int64_t us)
{
	int64_t now_us = ledger_now_us(made->ledger);

	made->ledger->started_us -= 2 * US_PER_S - us - now_us % US_PER_S;
}

int64_t
made_reading(enum subject_kind kind, uint32_t index, int64_t tick, int reading)
{
	return ((tick * SUBJECT_KINDS + kind) * 100 + index) * 100 + reading;
}

/* Adds a sample behind the record's end; returns the new end. */
static char *
add_sample(char *end, enum subject_kind kind, uint32_t index, int64_t tick)
{
	struct subject_sample *sample = (void *)end;
	size_t count;

	resource_of(kind, &count);
	sample->kind = (uint16_t)kind;
	sample->count = (uint16_t)count;
	sample->index = index;
	for (size_t i = 0; i < count; i++)
		sample->reading[i] = made_reading(kind, index, tick, (int)i);
	if (kind == SUBJECT_HOST)
		sample->reading[count - 1] = READING_NONE;
	return end + sizeof(*sample) + count * sizeof(sample->reading[0]);
}

void
made_tick_push(struct made_ledger *made, uint32_t processes)
{
	const struct {
		enum subject_kind kind;
		uint32_t count;
	} subjects[] = {
		{ SUBJECT_HOST, 1 },
		{ SUBJECT_NETNS, 1 },
		{ SUBJECT_CGROUP, 1 },
		{ SUBJECT_LISTENER, 1 },
		{ SUBJECT_PROCESS, processes },
		{ SUBJECT_WORKER, MADE_ACCEPTORS + MADE_FORKERS + 1 },
		{ SUBJECT_GROUP, GROUPS_BUILT_IN },
	};
	char *record = calloc(1, 1 << 16), *end = record + sizeof(struct tick_record);
	struct tick_record *tick = (void *)record;

	assert_non_null(record);
	*tick = (struct tick_record){
		.tick = made->ticks,
		.t_us = made->ticks * 100000 + made->ticks % 100,
		.late_us = made->ticks % 100,
		.took_us = 150 + made->ticks % 10,
	};
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		for (uint32_t s = 0; s < subjects[i].count; s++, tick->subjects++)
			end = add_sample(end, subjects[i].kind, s, made->ticks);
	assert_true(ring_push(made->ledger->ticks, RECORD_TICK, record,
			      (uint32_t)(end - record)));
	made->ticks++;
	free(record);
}

void
made_phase_push(struct made_ledger *made, int64_t seq, const char *name, int64_t from_us)
{
	struct phase_record phase = { .seq = seq,
				      .from_us = from_us,
				      .target = seq * 10 };

	strlcpy(phase.name, name, sizeof(phase.name));
	assert_true(ring_push(made->ledger->events, RECORD_PHASE, &phase, sizeof(phase)));
}

void
made_event_push(struct made_ledger *made, int64_t seq, const char *kind)
{
	struct event_record event = { .seq = seq, .t_us = seq, .level = EVENT_FINDING };

	strlcpy(event.kind, kind, sizeof(event.kind));
	strlcpy(event.subject, "acceptor 1", sizeof(event.subject));
	strlcpy(event.text, "something", sizeof(event.text));
	assert_true(ring_push(made->ledger->events, RECORD_EVENT, &event, sizeof(event)));
}
