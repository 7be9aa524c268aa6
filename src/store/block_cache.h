/*
 * Blocks that are kept unpacked. A look-up tick by tick opens a cursor for each tick: it
 * finds the block as the one before left it.
 */
#ifndef BRINK_STORE_BLOCK_CACHE_H
#define BRINK_STORE_BLOCK_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "store/block.h"

struct block_cache;

/* A place of the cache. It is its taker's until he leaves it, and then stays in the cache. */
struct cached_block {
	struct cached_block *next;
	int64_t id;   /* of the block that is in it; 0: none */
	int64_t used; /* the higher, the later */
	int takers;
	struct block *block;
};

/* For blocks of that many columns. NULL without memory; free takes NULL. */
struct block_cache *block_cache_new(size_t columns);
void block_cache_free(struct block_cache *cache);

/* Takes the place that holds the block of this id, which is not 0. Where there is none, a
 * place with another id, for cached_block_fill(): a new one, or that of the block longest
 * out of use. NULL without memory. */
struct cached_block *block_cache_take(struct block_cache *cache, int64_t id);
void cached_block_leave(struct cached_block *place);

/* Unpacks a block into a place. 0, or -1 where it is damaged: then none is in it. */
int cached_block_fill(struct cached_block *place, int64_t id, const void *data,
		      size_t bytes);

#endif
