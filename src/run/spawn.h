/*
 * The one way brink forks.
 */
#ifndef BRINK_RUN_SPAWN_H
#define BRINK_RUN_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <sys/types.h>

#include "run/worker.h"

#define SPAWN_KEEP 4

struct spawn {
	worker_main *main;
	struct worker_context context;
	int keep
	    [SPAWN_KEEP]; /* descriptors the child keeps beside 0, 1 and 2; -1: none */
	bool outlives;    /* goes on when its parent dies, to finish what it has */
	bool unlisted;    /* no row in the ledger's processes: the canary's handlers */
	bool expendable;  /* the kernel's first choice where memory runs out */
};

/*
 * Forks a process for context.role and lists it in the ledger. All signals are blocked
 * around the fork; the child has default dispositions but for the terminal's signals,
 * which are the supervisor's to answer, closes what it does not keep, takes its title, is
 * confined as the plan has it (run/confine.h), dies with its parent, and ends with
 * _exit(main()). Returns its pid, or -1 with errno.
 */
pid_t spawn(const struct spawn *spec);

/*
 * Forks a process for a run of its own, which calls main(arg) and exits with what it returns:
 * with the dispositions of this process, the signals of mask blocked, and no descriptor closed. It is
 * sent SIGTERM when its parent dies. Returns its pid, or -1 with errno.
 */
pid_t spawn_run(int (*main)(void *arg), void *arg, const sigset_t *mask);

/*
 * Reaps every child that has ended, notes the end in the ledger, and calls each() with its
 * index in the ledger's processes (-1: unlisted), pid and status as from waitpid(2).
 * stopped: brink itself is ending them. That a child was stopped by a signal, or went on, is
 * noted too, and no call.
 */
void spawn_reap(struct ledger *ledger, bool stopped,
		void (*each)(int32_t index, pid_t pid, int status, void *arg), void *arg);

/* Blocks SIGCHLD and returns a nonblocking signalfd(2) for it, or -1 with errno. */
int spawn_child_signals(void);

/* Reads all that is waiting in a signalfd. */
void spawn_drain_signals(int fd);

#endif
