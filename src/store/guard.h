/*
 * SQL from outside may read, for a time, and do nothing else.
 */
#ifndef BRINK_STORE_GUARD_H
#define BRINK_STORE_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct guard {
	int64_t until_us; /* clock_us() */
	bool late;        /* a statement was ended because its time was up */
	char denied
	    [64]; /* what was refused: "DELETE", "PRAGMA journal_mode"; "": nothing */
};

/*
 * From now on statements are refused that write, ATTACH, begin transactions, set a PRAGMA
 * or call a function that reaches beyond the database (see db_error() and guard->denied),
 * and whatever still runs after time_us fails. guard must outlive db.
 */
void guard_begin(struct guard *guard, struct db *db, int64_t time_us);

#endif
