#include "base/ring.h"

#include <string.h>

/* Stands before each record. Records begin at multiples of 8, so that a header always
 * fits before the end of the data. */
struct header {
	uint32_t kind; /* KIND_FILLER: nothing but space up to the end of the data */
	uint32_t length;
};

#define KIND_FILLER 0

static uint64_t
record_bytes(uint32_t length)
{
	return (sizeof(struct header) + length + 7) & ~UINT64_C(7);
}

static void
header_write(struct ring *ring, uint64_t at, uint32_t kind, uint32_t length)
{
	struct header header = { .kind = kind, .length = length };

	memcpy(ring->data + at, &header, sizeof(header));
}

size_t
ring_bytes(size_t capacity)
{
	return sizeof(struct ring) + capacity;
}

void
ring_init(struct ring *ring, size_t capacity)
{
	ring->capacity = capacity;
	atomic_init(&ring->head, 0);
	atomic_init(&ring->tail, 0);
	atomic_init(&ring->dropped, 0);
}

bool
ring_push(struct ring *ring, uint32_t kind, const void *data, uint32_t length)
{
	/* Acquire: the consumer has done with what it released before we write there. */
	uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	uint64_t at = head & (ring->capacity - 1);
	uint64_t bytes = record_bytes(length);
	uint64_t to_end = ring->capacity - at;
	uint64_t filler = bytes > to_end ? to_end : 0;

	if (kind == KIND_FILLER || length > ring->capacity / 4 ||
	    filler + bytes > ring->capacity - (head - tail)) {
		atomic_fetch_add_explicit(&ring->dropped, 1, memory_order_relaxed);
		return false;
	}
	if (filler != 0) {
		header_write(ring, at, KIND_FILLER,
			     (uint32_t)(filler - sizeof(struct header)));
		at = 0;
	}
	header_write(ring, at, kind, length);
	if (length != 0)
		memcpy(ring->data + at + sizeof(struct header), data, length);
	/* The one store that publishes filler and record, whole. */
	atomic_store_explicit(&ring->head, head + filler + bytes, memory_order_release);
	return true;
}

uint64_t
ring_tail(const struct ring *ring)
{
	return atomic_load_explicit(&ring->tail, memory_order_relaxed);
}

bool
ring_next(const struct ring *ring, uint64_t *cursor, struct ring_record *record)
{
	uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire);

	while (*cursor != head) {
		const unsigned char *at = ring->data + (*cursor & (ring->capacity - 1));
		struct header header;

		memcpy(&header, at, sizeof(header));
		*cursor += record_bytes(header.length);
		if (header.kind != KIND_FILLER) {
			record->kind = header.kind;
			record->length = header.length;
			record->data = at + sizeof(header);
			return true;
		}
	}
	return false;
}

void
ring_release(struct ring *ring, uint64_t cursor)
{
	atomic_store_explicit(&ring->tail, cursor, memory_order_release);
}
