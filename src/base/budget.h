/*
 * How much time and memory a command may take that reads what others may have made: in
 * proportion to the size of the file, many times what an honest one of that size needs. No
 * file, however it was made, holds a reader up for longer.
 */
#ifndef BRINK_BASE_BUDGET_H
#define BRINK_BASE_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Bounds the memory of the process (RLIMIT_DATA, but under sanitizers) and its processor
 * time from now on. When that is up, budget_is_spent() is true; whatever still runs a little
 * later is ended with one sentence on standard error, and exit code 1.
 */
void budget_begin(int64_t file_bytes);

/* The same time again, for what reads again and again. */
void budget_renew(void);

/* In place of the processor time, so much by the clock: what still runs a second later is
 * ended, with exit code 4. For those who say how long they will wait. */
void budget_wait(int64_t time_us);

bool budget_is_spent(void);

/* How much of its memory SQLite may take at the most. */
int64_t budget_sqlite_bytes(int64_t file_bytes);

#endif
