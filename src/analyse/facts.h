/*
 * What the analysis of one run works with: its plan, phases, processes, failures and
 * events, and its counts at every tick, read from the store once.
 */
#ifndef BRINK_ANALYSE_FACTS_H
#define BRINK_ANALYSE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"
#include "run/ledger.h"
#include "store/db.h"

#define FACTS_NAME    64
#define FACTS_SETTING 256
#define FACTS_NEVER   INT64_MAX
#define FACTS_SETTLE  INT64_C(1000000) /* left out at the start of a still stretch, us */

#define FACTS_HALT    INT64_C(1000000) /* for less, us, any process can be seen so */

/* Ticks missed in a row that leave something unobserved. */
#define FACTS_HOLE 10
/* More than this part of the due ticks missed, 1 in N, and the data are not whole. */
#define FACTS_WHOLE 50

/* The run's counts at one tick. accepted is the acceptors', the others the clients'. */
struct counts_at {
	int64_t tick, t_us;
	int64_t attempted, established, accepted, served, held, missed, failed, transient,
	    lost, released;
	int64_t strangers; /* accepted, but opened by no client of this run */
	int64_t in_flight; /* connects under way: each has a socket of its client's */
	int64_t serving;   /* open in the acceptors, strangers' too, the canary's not */
	/* The canary's visits of the whole run, whatever the cycle. */
	int64_t visits, visits_served, visits_failed;
};

struct phase_span {
	char name[16];
	int64_t cycle, from_us, to_us, target;
};

struct death {
	char name[FACTS_NAME]; /* "acceptor 2" */
	enum role role;
	char end[16]; /* exit, signal, oom; brink's own stops are not listed */
	int64_t code, t_us;
};

struct acceptor {
	int64_t process_id, slot;
	int64_t to_us; /* FACTS_NEVER: not seen to end on its own */
};

/* A row of failure: see sql/schema.sql. Descriptors are -1 where they are not known. */
struct failure {
	char worker[FACTS_NAME], call[16], error[24];
	enum role role;
	int64_t slot;
	int64_t code, count, first_us, last_us;
	struct counts_at at; /* the run's counts at the first */
	int64_t own, fds, limit, own_fds, cycle;
};

/* A process that did nothing for FACTS_HALT or more, in a state of proc(5) that no signal of
 * brink's own and no event tells of: 't', or 'D'. */
struct halt {
	char name[FACTS_NAME];
	enum role role;
	char state;
	int64_t from_us, to_us;
};

struct event {
	int64_t t_us;
	char kind[32], subject[FACTS_NAME], text[256];
	enum role role; /* of a process that was stopped, else ROLE_NONE */
};

struct facts {
	struct db *db;
	int64_t run_id;
	bool cut_off; /* the supervisor died: the store's state 'interrupted' */
	bool shared;  /* one listener for all acceptors */
	struct plan plan;

	struct counts_at *counts;
	struct phase_span *phase_spans;
	struct death *deaths;
	struct acceptor *acceptors;
	struct failure *failures; /* by the time of the first */
	struct event *events;
	struct halt *halts; /* by time */
	size_t counts_count, phase_span_count, death_count, acceptor_count, failure_count,
	    event_count, halt_count;

	int64_t cycle;          /* the one that this is about: 0, or see facts_cycle() */
	int64_t cycles;         /* of the run; 0: no phase was seen */
	int64_t from_us;        /* of what belongs to it; what is before is left out */
	struct counts_at total; /* its counts up to the next one's first ramp */
	int64_t attempt_us;     /* the first ramp; FACTS_NEVER: none */
	int64_t broken_us;  /* the supervisor saw a break that lasts; FACTS_NEVER: none */
	int64_t release_us; /* FACTS_NEVER: nothing was released */
	int64_t phases_end_us; /* of the last phase; FACTS_NEVER: it was not seen */
	int64_t end_us;        /* of the data */
	int64_t ticks_due;     /* by the schedule, to the end of the last phase */
	int64_t ticks_missed;  /* of those */
	/* The longest time without a tick, in which more than FACTS_HOLE of them were due;
	 * both 0: there is none. */
	int64_t hole_from_us, hole_to_us;
	bool weak; /* over 2 % of the ticks are missing or late */
};

/* Reads the run. 0, or -1 where the store cannot be read or has no such run; facts_free()
 * in either case. */
int facts_load(struct facts *facts, struct db *db, int64_t run_id);
void facts_free(struct facts *facts);

/* True of a plateau or hold: the schedule opens no connection in it. */
bool phase_span_is_still(const struct phase_span *phase_span);

/* The counts at the last tick up to t_us; all zero before the first tick. */
struct counts_at facts_at(const struct facts *facts, int64_t t_us);

/* The last instant under load: the release, or the end of the data. */
int64_t facts_load_end(const struct facts *facts);

/* True where over 2 % of the due ticks are missing. */
bool facts_are_partial(const struct facts *facts);

/* The earliest event of a kind, or NULL. */
const struct event *facts_event(const struct facts *facts, const char *kind);

/*
 * The longest plateau or hold that begins before until_us and in which the connections
 * stood still, within 0.1 %, from its first second on. False where there is none.
 */
bool facts_still(const struct facts *facts, int64_t until_us, int64_t *from_us,
		 int64_t *to_us);

/* The first failure of an acceptor, or of any where name is NULL, to get memory while under
 * load: from then on its memory grows no more, whatever leaks. NULL: there is none. */
const struct failure *facts_out_of_memory(const struct facts *facts, const char *name);

/* The subject number of a name within its kind, or -1. */
int64_t facts_subject(const struct facts *facts, const char *kind, const char *name);

/* A ceiling from resource_limit; where it was read from several sources the lowest, or the
 * one read from only, unless that is NULL. False where none is stored. source may be NULL,
 * or receives FACTS_NAME bytes. */
bool facts_limit(const struct facts *facts, const char *kind, int64_t subject,
		 const char *resource, const char *only, int64_t *value, char *source);

/* A setting's text, cut at size bytes. False where it was not read. */
bool facts_setting(const struct facts *facts, const char *name, char *value, size_t size);

/* A setting that begins with a number; missing where it was not read or does not. */
int64_t facts_setting_int(const struct facts *facts, const char *name, int64_t missing);

/*
 * A run of several cycles, one cycle at a time: each is analysed as a run of its own, whose
 * baseline is the second before its first ramp.
 * What belongs to cycle 0 .. run->cycles - 1, its counts without those of the cycles before.
 * Of a run with one cycle that is all of it. It points into run, which must outlive it;
 * facts_cycle_free() frees the rest.
 */
void facts_cycle(struct facts *cycle, const struct facts *run, int64_t number);
void facts_cycle_free(struct facts *cycle);

#endif
