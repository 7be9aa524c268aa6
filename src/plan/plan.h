/*
 * A plan: the validated settings of a run. Made once, from the option table, before
 * anything is started; read-only from then on.
 */
#ifndef BRINK_PLAN_PLAN_H
#define BRINK_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/endpoint.h"
#include "plan/expectation.h"
#include "plan/host.h"
#include "model/limit.h"
#include "plan/option.h"

enum listener_mode { LISTENER_SHARED, LISTENER_GROUP };
enum handler_mode { HANDLER_EVENT, HANDLER_FORK };
/* What a leak of known size in the acceptors grows with. */
enum retain_per { RETAIN_CONNECTION, RETAIN_MESSAGE, RETAIN_SECOND, RETAIN_COUNT };

/* "conn", "msg", "s": as in --retain BYTES/WORD. */
extern const char *const retain_words[RETAIN_COUNT];

enum release_mode {
	RELEASE_CLOSE,
	RELEASE_RESET,
	RELEASE_KILL_CLIENTS,
	RELEASE_KILL_ACCEPTORS,
	RELEASE_NONE
};

/* What is printed at the end of a run. */
enum summary { SUMMARY_SHORT, SUMMARY_FULL, SUMMARY_NONE };

/* What "unlimited" clients come to: far more than a host can hold in this design, and
 * still small enough to size the ledger by. */
#define PLAN_CLIENTS_MAX INT64_C(4000000)

/* Descriptors that a client needs beside its connections, with room to spare. */
#define PLAN_CLIENT_FDS    32

#define PLAN_ACCEPTORS_MAX 256
#define PLAN_FORKERS_MAX   256
#define PLAN_SOURCES_MAX   250

/* Descriptors that an acceptor needs beside its connections: the canary's among them. */
#define PLAN_ACCEPTOR_FDS 16

/* Supervisor, sampler, recorder and canary. */
#define PLAN_OWN_PROCESSES 4

/* Clients, and handlers, that are sampled one by one; the others as a group. */
#define PLAN_SAMPLED_EACH  32

#define PLAN_PROTOCOL_NONE "none" /* nothing is said */
#define PLAN_PROTOCOL_ECHO "echo" /* what the built-in server speaks */

#define PLAN_NO_REPORT     "none" /* in place of the name of a report */
#define PLAN_EXPECTATIONS  64

struct expectation_list {
	struct expectation all[PLAN_EXPECTATIONS];
	size_t count;
};

/* Tags that a run may be given as it is begun, and the room for each. */
#define PLAN_TAGS     16
#define PLAN_TAG_SIZE 256

/* Processes of a target that a person may name. */
#define PLAN_TARGET_PIDS 16

struct pid_list {
	int64_t all[PLAN_TARGET_PIDS];
	size_t count;
};

struct tag_list {
	char all[PLAN_TAGS][PLAN_TAG_SIZE]; /* "NAME" or "NAME=VALUE" */
	size_t count;
};

/* All other members are int64_t, char * or int64_t arrays so that one option table can fill
 * them by offset, but for lists of expectations, pids and tags. Choices hold the enum's value. */
struct plan {
	/* What follows "--": the target's command and its arguments, ended by NULL; borrowed
	 * from the command line. NULL: the target was started by others. */
	char *const *command;
	/* load */
	int64_t
	    clients;  /* connections to hold; 0: unlimited, until something gives way */
	int64_t rate; /* connections due a second; 0: as fast as the server accepts */
	int64_t messages;      /* echoed messages a connection, may be 0 */
	int64_t message_bytes; /* bytes of each */
	int64_t
	    every_us; /* a message so often from each that is held; 0: as its protocol says */
	int64_t inflight; /* connects under way at once, over all clients; 0: auto */
	int64_t connect_timeout_us;
	int64_t per_client; /* connections a client process; 0: as many as fit */
	int64_t forkers;    /* 0: auto */
	int64_t sources;    /* loopback source addresses; 0: auto */
	char *protocol;     /* that connections speak; NULL: that of the server */
	/* server */
	char *target;     /* the address of a server that is not brink's own, or NULL */
	int64_t ready_us; /* how long the target may take until it serves */
	int64_t port;
	int64_t acceptors; /* 0: auto */
	int64_t listener;  /* enum listener_mode */
	int64_t handler;   /* enum handler_mode */
	int64_t backlog;   /* as given to listen(2) */
	/* Bytes that the acceptors together touch and never free, by enum retain_per. */
	int64_t retain[RETAIN_COUNT];
	/* course */
	int64_t steps;
	int64_t baseline_us, plateau_us, hold_us, linger_us;
	int64_t
	    duration_us; /* longest time from the first attempt to the release; 0: auto */
	int64_t stall_us;
	int64_t release; /* enum release_mode */
	int64_t cycles;  /* times from the first ramp to the end of recovery */
	int64_t recovery_timeout_us;
	int64_t interval_us; /* between two ticks of the sampler */
	/* surroundings */
	int64_t isolate;            /* 0 or 1 */
	int64_t limit[LIMIT_COUNT]; /* as injected with --limit; -1: left alone */
	int64_t acceptor_nofile[PLAN_ACCEPTORS_MAX]; /* of one alone; -1: as the others */
	int64_t uid, gid; /* of the workers; -1: as brink itself */
	/* Stop while the host still has this much memory available; 0: no guard. Until
	 * plan_resolve(), a negative value is a percentage of the host's memory. */
	int64_t guard_bytes;
	int64_t no_guard; /* 0 or 1 */
	/* expectations */
	struct expectation_list expect, abort_on;
	/* results */
	char *label;                 /* or NULL */
	struct tag_list tags;        /* put on the run */
	struct pid_list target_pids; /* processes of the target, beside what is found */
	char *baseline_label; /* compare with the newest run of that label, or NULL */
	char *db;             /* database file, or NULL: the default place */
	char *report; /* HTML report, PLAN_NO_REPORT, or NULL: beside the database */
	int64_t status_us;
	int64_t force;   /* 0 or 1: on a network filesystem too */
	int64_t summary; /* enum summary */
	int64_t quiet, dry_run, json;
	char *config; /* file of options that was read first, or NULL */
};

/* The options of "brink run". */
extern const struct option_table plan_options;

/*
 * Fills plan from the arguments of "brink run" (argv[0] is the command's name). Exits
 * never: returns 0, 1 where --help was asked for and printed, or -1 after writing one
 * sentence that names the option, the value and what is allowed to err.
 * plan_free() releases what it owns, also after an error.
 */
int plan_parse(struct plan *plan, int argc, char **argv, FILE *err);

/* The same for another command that takes the options of "brink run". */
int plan_parse_for(const struct option_table *table, struct plan *plan, int argc,
		   char **argv, FILE *err);

void plan_free(struct plan *plan);

/* The plan of "brink run" without an option, for option_restore() to fill in. 0, or -1 without
 * memory. plan_free() in either case. */
int plan_default(struct plan *plan);

/* The plan's options as a JSON object, a key an option (its name), base units, "limit" an
 * object by limit: what is stored. The caller frees the text; NULL without memory. */
char *plan_json(const struct plan *plan);

/* How many groups of at most size there are of count, both above 0. */
static inline int64_t
plan_groups(int64_t count, int64_t size)
{
	return (count + size - 1) / size;
}

/* Connections that the plan calls for: clients, or PLAN_CLIENTS_MAX where unlimited. */
int64_t plan_target(const struct plan *plan);

/* True where the server is not brink's own: --target. */
bool plan_is_external(const struct plan *plan);

/* Names the protocol where none was given: that of the server. 0, or -1 without memory. */
int plan_name_protocol(struct plan *plan);

/* True where the protocol says nothing: --protocol none. */
bool plan_says_nothing(const struct plan *plan);

/* True where connections may come from any address of 127.0.0.0/8. */
bool plan_has_sources(const struct plan *plan);

/* Where the server listens: --target, or --port on 127.0.0.1. Of a plan that is resolved. */
struct endpoint plan_endpoint(const struct plan *plan);

/* Client processes that forker slot will fork for the whole target. Connection k belongs
 * to forker k % forkers; a forker's clients take per_client of its connections each, in
 * order. */
int64_t plan_clients_of_forker(const struct plan *plan, int64_t slot);

/* Client processes of all forkers. */
int64_t plan_client_processes(const struct plan *plan);

/* All processes that the run needs, its own included. With unlimited clients and a process
 * a connection: those that are there before the first connection. */
int64_t plan_processes(const struct plan *plan);

/* Ephemeral ports of each source address: as injected, of a fresh namespace, or the
 * host's. */
int64_t plan_ports(const struct plan *plan, const struct host *host);

/* True where the run has a range of ports of its own that is not this host's: what it finds
 * of ports does not hold for the host. */
bool plan_hides_ports(const struct plan *plan, const struct host *host);

/* The soft RLIMIT_NOFILE injected into an acceptor, -1: none. */
int64_t plan_acceptor_nofile(const struct plan *plan, int64_t slot);

/* Workers that are there before the first connection, with a client: fewer processes than
 * these are no run. */
int64_t plan_processes_min(const struct plan *plan);

/* Connections to be held at the end of ramp step (0 .. steps - 1). */
int64_t plan_step_target(const struct plan *plan, int64_t step);

/* Time from the first attempt to the end of the hold, or -1 where the rate is "max" and
 * nobody can know. Where it is over duration_us, which only unlimited clients may have, the
 * release cuts it short. */
int64_t plan_schedule_us(const struct plan *plan);

/* What a resolved plan takes at most: time, and an estimate of the data in the store. */
struct plan_cost {
	int64_t us, bytes;
};
struct plan_cost plan_cost(const struct plan *plan);

/* What "auto" came to, in one line without its end: "58 acceptors, 4 forkers, …". */
void plan_summary(const struct plan *plan, FILE *out);

/* What --dry-run prints: the settings, the processes, the ceilings that are known before
 * a start with the connections at which each is met, and the size of the data. */
void plan_describe(const struct plan *plan, FILE *out);
/* The same facts as JSON. */
void plan_describe_json(const struct plan *plan, FILE *out);

#endif
