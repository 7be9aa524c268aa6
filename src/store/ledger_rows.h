/*
 * What the ledger counts as rows: processes, failures, totals of the workers, latencies.
 */
#ifndef BRINK_STORE_LEDGER_ROWS_H
#define BRINK_STORE_LEDGER_ROWS_H

#include <stdint.h>

#include "run/ledger.h"
#include "store/db.h"

struct ledger_rows;

/*
 * Prepares every statement and takes all memory; sets ledger->recorded from the latencies
 * that the store holds, which is exact whatever instruction the recorder before was killed
 * at. NULL on an error; free takes NULL.
 */
struct ledger_rows *ledger_rows_new(struct db *db, struct ledger *ledger, int64_t run_id);
void ledger_rows_free(struct ledger_rows *rows);

/* Stores what is new since the last time, as of now_us, within the caller's transaction.
 * 0, or -1 (see db_error). */
int ledger_rows_store(struct ledger_rows *rows, int64_t now_us);

/* The transaction was committed: counts the latencies as recorded. */
void ledger_rows_committed(struct ledger_rows *rows);

/* The transaction was rolled back: nothing counts as stored any more. */
void ledger_rows_forget(struct ledger_rows *rows);

#endif
