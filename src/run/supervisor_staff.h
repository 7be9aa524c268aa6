/*
 * The processes of a run as the supervisor has them: starting, replacing, waiting for and
 * ending them. For supervisor.c, which decides when.
 */
#ifndef BRINK_RUN_SUPERVISOR_STAFF_H
#define BRINK_RUN_SUPERVISOR_STAFF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/breaking.h"
#include "run/ledger.h"
#include "run/phases.h"
#include "run/progress.h"
#include "run/record.h"
#include "run/supervisor.h"
#include "run/target.h"

struct child {
	pid_t pid; /* 0: gone */
	enum role role;
	int32_t slot;
};

/* The supervisor's own children, by pid. */
struct children {
	struct child *child;
	int32_t count, capacity;
};

/* Room for capacity children alive at once. 0, or -1. children_free() frees it. */
int children_init(struct children *children, int32_t capacity);
void children_free(struct children *children);

void children_add(struct children *children, pid_t pid, enum role role, int32_t slot);

/* Takes a dead child out: true and *child, or false where it is none of ours. */
bool children_take(struct children *children, pid_t pid, struct child *child);

/* Alive, of a role; ROLE_NONE: of every role but sampler and recorder. */
int32_t children_alive(const struct children *children, enum role role);

/* SIGKILL to each that children_alive(role) counts. */
void children_kill(const struct children *children, enum role role);

struct supervisor {
	const struct supervisor_job *job;
	const struct plan *plan;
	struct ledger *ledger;
	struct children children;
	struct event_log event_log;
	struct phases phases;
	struct breaking breaking;
	struct progress progress;
	int orders[2];            /* the order pipe */
	struct target_job target; /* its output is -1 without a command */
	int signals, epoll;
	int restarts, signal; /* the signal that ended the run, 0: none */
	bool stop, abort;     /* release now; drop everything now */
	bool hurry;           /* the recovery is cut short */
	bool broken, quitting, server_died, guarded, disk_full, ramp_ended;
	bool recorder_failed, failed;
	bool replacing; /* the acceptors are killed by order: others follow them */
	int64_t acceptor_failures[PLAN_ACCEPTORS_MAX];
	/* What was counted before this cycle, over all workers. */
	struct counts counted_before;
	int64_t hard_before, oom_before;
	int64_t looked_us; /* the last time round */
	int64_t
	    listening_us; /* the first look at which every acceptor listened; 0: none yet */
	int64_t port_looked_us;
	bool
	    port_is_silent; /* the kernel did not tell who listens: it is not asked again */
	int32_t others_on_port;      /* sockets of others that listened on it then */
	int64_t others_cycle;        /* the cycle that they were reported in */
	int32_t stops_seen, stopped; /* of the ledger's; processes that are stopped now */
	int64_t ramp_first;          /* slots before the ramp */
	int64_t slots_seen, slot_looks;   /* at the last look; looks since one was used */
	int64_t tick_seen_us, tick_looks; /* the same of the sampler's ticks */
	int64_t waiting_most; /* connections for service since the first of them was */
	int64_t stop_canary_failed; /* visits of the canary that had failed by then */
	char target_end[64];        /* how the target's command ended, "": it did not */
	bool refusal_said;          /* how the target answered whom it refused */
};

/* Starts every process of the run. 0, or -1 after a message. */
int supervisor_start(struct supervisor *s);

/* Kills the acceptors and all their connections with them. When the last is gone, others
 * are started. */
void supervisor_replace_acceptors(struct supervisor *s);

/* Lets go on what is stopped; with_acceptors: those too. */
void supervisor_continue(struct supervisor *s, bool with_acceptors);

/* Ends the run for a reason of brink's own: what cannot go on, one clause. */
void supervisor_give_up(struct supervisor *s, const char *subject, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Handles what has come in, waiting at most until_us for it. */
void supervisor_wait(struct supervisor *s, int64_t until_us);

/* Ends every process of the run, by order, then by SIGKILL, and reaps all of them. */
void supervisor_shut_down(struct supervisor *s);

#endif
