/*
 * Older stores brought to the schema of this program.
 */
#ifndef BRINK_STORE_MIGRATE_H
#define BRINK_STORE_MIGRATE_H

#include <stdint.h>
#include <stdio.h>

#include "base/embed.h"
#include "store/db.h"

/*
 * Brings the open store from its user_version to version, forward only: after a backup
 * beside the file (PATH.schema-N.bak, which the log names), each migration "N-…" that leads
 * there in a transaction of its own. A migration that breaks a foreign key is undone.
 * The views are left to be made anew. Nothing is done under a run that goes on. 0, also
 * where there is nothing to do, or -1 after one sentence on err: then the store is at the
 * last version that was reached.
 */
int migrate(struct db *db, const struct embedded_file *migrations, int64_t version,
	    FILE *err);

#endif
