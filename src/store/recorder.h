/*
 * The recorder: the only process that opens the database while a run is live. It moves
 * what the rings and the ledger hold into the store, one transaction a second.
 */
#ifndef BRINK_STORE_RECORDER_H
#define BRINK_STORE_RECORDER_H

#include <stdint.h>

#include "run/worker.h"

/* context->extra of the recorder. run_id was made by run_create(). */
struct recorder_job {
	const char *db;
	int64_t run_id;
};

/*
 * The recorder's whole life. Ring space is given back only after the commit, so that a
 * successor of one that was killed loses nothing and stores nothing twice. On ORDER_QUIT
 * it drains both rings, stores the ledger's last counts and ends the run as 'recorded'.
 * Where the supervisor is gone, it does the same and ends the run as 'interrupted'.
 * Returns the exit status: 0, or 1 where something could not be stored.
 */
int recorder_main(const struct worker_context *context);

#endif
