/*
 * Time, in microseconds.
 */
#ifndef BRINK_BASE_CLOCK_H
#define BRINK_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define US_PER_S  INT64_C(1000000)
#define US_PER_MS INT64_C(1000)

/* CLOCK_MONOTONIC: for durations and everything within a run. Never fails. */
int64_t clock_us(void);

/* CLOCK_BOOTTIME: the same, but it goes on while the machine is suspended. */
int64_t clock_boot_us(void);

/* CLOCK_REALTIME since the Unix epoch: only for saying when a run began. */
int64_t clock_unix_us(void);

/* Microseconds as a timespec; a negative value gives zero. */
struct timespec clock_timespec(int64_t us);

#endif
