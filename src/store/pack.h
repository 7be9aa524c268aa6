/*
 * Packing finished runs: their samples become compressed column blocks, which are read
 * through the same tables and views (store/packed.h).
 */
#ifndef BRINK_STORE_PACK_H
#define BRINK_STORE_PACK_H

#include <stdint.h>

#include "store/db.h"

/* What became of a run. */
enum pack_result {
	PACK_DONE,
	PACK_NOTHING, /* it is as it was asked to be */
	PACK_RUNNING, /* its samples are still coming */
	PACK_FAILED,  /* nothing was changed: db_error() */
};

/* Each in one transaction. A block is unpacked and compared before its rows are deleted. */
enum pack_result pack_run(struct db *db, int64_t run_id);
enum pack_result unpack_run(struct db *db, int64_t run_id);

#endif
