/*
 * A ring of records in shared memory, with one producer and one consumer process.
 *
 * Neither side ever waits. A producer killed while it writes has published nothing. The
 * consumer reads ahead with a cursor of its own and gives space back only with
 * ring_release(), after it has made the records durable: a consumer killed in between
 * leaves them in the ring, and its successor starts again at ring_tail().
 */
#ifndef BRINK_BASE_RING_H
#define BRINK_BASE_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
	uint64_t capacity;                 /* bytes of data, a power of two */
	alignas(64) _Atomic uint64_t head; /* bytes ever published */
	_Atomic uint64_t dropped;          /* records that found no room */
	alignas(64) _Atomic uint64_t tail; /* bytes ever released */
	alignas(64) unsigned char data[];
};

struct ring_record {
	uint32_t kind;    /* as pushed, never 0 */
	uint32_t length;  /* bytes at data */
	const void *data; /* in the ring: valid until released; aligned to 8 */
};

/* Bytes of shared memory for a ring of capacity bytes (a power of two, at least 4096). */
size_t ring_bytes(size_t capacity);

/* Makes an empty ring in zeroed memory of ring_bytes(capacity) bytes, aligned to 64. */
void ring_init(struct ring *ring, size_t capacity);

/* Publishes one record, contiguous in memory. False, counted in dropped, where there is
 * no room for it now. kind must not be 0; length at most a quarter of the capacity. */
bool ring_push(struct ring *ring, uint32_t kind, const void *data, uint32_t length);

/* Where a consumer begins. */
uint64_t ring_tail(const struct ring *ring);

/* Reads the record at *cursor and moves the cursor behind it; false where there is none. */
bool ring_next(const struct ring *ring, uint64_t *cursor, struct ring_record *record);

/* Gives all space before cursor back to the producer. */
void ring_release(struct ring *ring, uint64_t cursor);

#endif
