/*
 * Records of the rings as rows.
 *
 * A row is keyed by what the record says (run, tick, subject; run, seq), so that a record
 * stored twice, by a recorder that was killed and by its successor, is one row.
 */
#ifndef BRINK_STORE_RECORD_ROWS_H
#define BRINK_STORE_RECORD_ROWS_H

#include <stdint.h>

#include "base/ring.h"
#include "run/ledger.h"
#include "run/record.h"
#include "store/db.h"

struct record_rows;

/* Prepares every statement and takes all memory. NULL on an error; free takes NULL. */
struct record_rows *record_rows_new(struct db *db, struct ledger *ledger, int64_t run_id);
void record_rows_free(struct record_rows *rows);

/* Stores one record, within the caller's transaction. 0, or -1 (see db_error). A kind that
 * is not known is passed over. */
int record_rows_store(struct record_rows *rows, const struct ring_record *record);

/* The transaction was rolled back: nothing counts as stored any more. */
void record_rows_forget(struct record_rows *rows);

#endif
