/*
 * A run made up by a test, in a database of its own, as the recorder would have left it.
 */
#ifndef BRINK_TESTS_MADE_RUN_H
#define BRINK_TESTS_MADE_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

#define MADE_TICK_US  INT64_C(100000)
#define MADE_START_US INT64_C(3000000) /* of the ramp; before it is the baseline */
#define MADE_NEVER    INT64_MAX

/*
 * How the run went. Connection k is attempted at its due time, established while the
 * clients can, and accepted while the acceptors can; the rest waits in the queue of
 * listener 0, and what finds no room there is not established.
 */
struct made_model {
	int64_t clients, rate;
	int64_t acceptors;       /* connections are spread evenly over them */
	int64_t established_max; /* the clients can make no more; MADE_NEVER */
	int64_t accepted_max;    /* the acceptors can take no more; MADE_NEVER */
	int64_t accept_stops_us; /* nothing is accepted from then on; MADE_NEVER */
	int64_t acceptor_state;  /* from then on, as process_sample.state */
	int64_t backlog;
	int64_t own_fds, nofile;  /* of an acceptor */
	int64_t leak_bytes_per_s; /* of an acceptor's memory, from the first attempt on */
	int64_t bytes_per_connection; /* likewise */
	int64_t missed;               /* slots missed by the end of the ramp */
	int64_t steps; /* ramps and plateaus; the last plateau is the hold */
	int64_t plateau_us;
	int64_t release_us; /* MADE_NEVER: none */
	int64_t end_us;
	const char *listener; /* "shared" or "group" */
	const char *state;    /* of the run */
};

/* A run of 2,000 connections at 1,000/s that nothing disturbs. */
extern const struct made_model made_model_default;

struct made_run {
	struct db *db;
	int64_t run_id;
	char dir[64], path[96];
	int64_t events; /* so far */
};

/* Makes the database and the run. Everything that fails fails the test. */
void made_run_begin(struct made_run *made, const struct made_model *model);
/* Removes them. */
void made_run_end(struct made_run *made);

/* An SQL statement, printf's, that must succeed; %lld takes the run's id first. */
void made_sql(struct made_run *made, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void made_event(struct made_run *made, int64_t t_us, const char *kind,
		const char *subject, const char *text);

/* A row of failure; counts are the run's at the first one. */
struct made_failure {
	const char *worker, *call, *error;
	int code;
	int64_t count, first_us, last_us;
	int64_t attempted, established, accepted, held, own;
	int64_t fds, limit, own_fds; /* fds and limit: -1: not known */
};
void made_fail(struct made_run *made, const struct made_failure *failure);

/* Columns of one row, as text: "broke|acceptor 0|505". NULL becomes "-". Valid until the
 * next call. sql is printf's. */
const char *made_row(struct made_run *made, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int64_t made_int(struct made_run *made, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
double made_real(struct made_run *made, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Begins a run whose acceptor met its limit of open files, with room for so many
 * connections beside its own. */
void made_run_broken(struct made_run *made, int64_t room);

/* Analyses the run, which must succeed. */
void made_analyse(struct made_run *made);

#endif
