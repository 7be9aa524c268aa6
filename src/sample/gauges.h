/*
 * The kernel's object caches that grow with connections and processes: objects in use, by
 * /proc/slabinfo (slabinfo(5)). Only root may read it: others have no such readings.
 */
#ifndef BRINK_SAMPLE_GAUGES_H
#define BRINK_SAMPLE_GAUGES_H

#include "run/record.h"

struct gauges {
	int fd; /* -1: not readable here */
	struct gauges_record *record;
};

/* 0, or -1 with errno where memory is short. Close with gauges_close(). */
int gauges_open(struct gauges *gauges);
void gauges_close(struct gauges *gauges);

/* Fills the record from the text: the caches that are wanted, those of them that exist. */
void gauges_parse(struct gauges *gauges, const char *text);

/* Reads the caches and pushes a RECORD_GAUGES for the tick; nothing where there are none. */
void gauges_read(struct gauges *gauges, int64_t tick, int64_t t_us, struct ring *ring,
		 char *buf, size_t size);

#endif
