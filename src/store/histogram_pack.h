/*
 * A histogram as the store keeps it: zlib of (bucket, count) pairs, each a little-endian
 * uint32, for every bucket that is not empty.
 */
#ifndef BRINK_STORE_HISTOGRAM_PACK_H
#define BRINK_STORE_HISTOGRAM_PACK_H

#include <stddef.h>
#include <stdint.h>

struct packer;

/* All memory that packing needs is taken here. NULL where there is none; free takes NULL. */
struct packer *packer_new(void);
void packer_free(struct packer *packer);

/* Packs counts[HISTOGRAM_BUCKETS]; *bytes receives the size. Valid until the next call.
 * A count above 2^32 - 1 is kept as that. */
const void *packer_pack(struct packer *packer, const uint64_t *counts, size_t *bytes);

/* Adds a packed histogram to counts[HISTOGRAM_BUCKETS]. 0, or -1 where it is damaged. */
int histogram_unpack(const void *packed, size_t bytes, uint64_t *counts);

#endif
