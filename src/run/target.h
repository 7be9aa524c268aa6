/*
 * A server that is not brink's own: what is checked before a start, and its command, where it
 * is brink that starts it. Who its processes are is for the sampler to find:
 * sample/target_watch.h.
 *
 * brink sends signals to what it started, and to nothing else.
 */
#ifndef BRINK_RUN_TARGET_H
#define BRINK_RUN_TARGET_H

#include <stdio.h>

#include "run/record.h"
#include "run/worker.h"

/* 0 where the target can be reached, or, with a command, where its address is free and the
 * command can be executed; -1 after one sentence on err. To be called where the run takes
 * place: in its network namespace. */
int target_check(const struct plan *plan, FILE *err);

/* What the output of the target's command goes to: read and written, O_APPEND, made anew.
 * -1 with errno. */
int target_open_output(const char *path);

/* context->extra of target_main(). */
struct target_job {
	int output; /* open file for standard output and error */
};

/* Executes the plan's command in a session and process group of its own, with the signals'
 * usual dispositions and nothing to read. Returns only where it cannot be executed. */
int target_main(const struct worker_context *context);

/* A target that has not ended this long after it was asked to is killed. */
#define TARGET_PATIENCE_US INT64_C(5000000)

/*
 * Ends the command, where there is one: the process group that it was started in, and those
 * of its processes that left it and have become this process's children. Asks by SIGTERM,
 * kills after patience_us, and gives up as long after that; wait() is called between two
 * looks, and waits a moment.
 */
void target_stop(struct ledger *ledger, int64_t patience_us, void (*wait)(void *arg),
		 void *arg);

/* Stores the last lines of the output, as events. */
void target_quote_output(int output, struct event_log *event_log);

/* How an answer in place of service began, once a client kept it: as text to print, to be
 * freed; NULL: none. */
char *target_refusal(struct ledger *ledger);

#endif
