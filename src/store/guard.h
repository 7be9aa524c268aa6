/*
 * What SQL may do: brink's own no more than it is there for, and SQL from outside may read,
 * for a time, and do nothing else.
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

/* For brink's own statements: no ATTACH but that of db_vacuum(), no trigger, no virtual table
 * but brink's, no function that reaches beyond the database, no PRAGMA that brink has no use
 * for; and no value may be longer than its longest. To be called before the first statement. */
void guard_own(struct db *db);

/*
 * From now on statements are refused that write, ATTACH, begin transactions, set a PRAGMA
 * or call a function that reaches beyond the database (see db_error() and guard->denied),
 * and whatever still runs after time_us fails. guard must outlive db.
 */
void guard_begin(struct guard *guard, struct db *db, int64_t time_us);

#endif
