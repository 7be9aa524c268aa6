#include "store/block_cache.h"

#include <stdlib.h>

/* More only where more are taken at a time. */
#define PLACES 8

struct block_cache {
	size_t columns, places;
	struct cached_block *first;
	int64_t uses;
};

struct block_cache *
block_cache_new(size_t columns)
{
	struct block_cache *cache = calloc(1, sizeof(*cache));

	if (cache != NULL)
		cache->columns = columns;
	return cache;
}

void
block_cache_free(struct block_cache *cache)
{
	if (cache == NULL)
		return;
	while (cache->first != NULL) {
		struct cached_block *next = cache->first->next;

		block_free(cache->first->block);
		free(cache->first);
		cache->first = next;
	}
	free(cache);
}

static struct cached_block *
add_place(struct block_cache *cache)
{
	struct cached_block *place = calloc(1, sizeof(*place));

	if (place == NULL)
		return NULL;
	place->block = block_new(cache->columns);
	if (place->block == NULL) {
		free(place);
		return NULL;
	}
	place->next = cache->first;
	cache->first = place;
	cache->places++;
	return place;
}

static struct cached_block *
find_place(struct block_cache *cache, int64_t id)
{
	struct cached_block *oldest = NULL;

	for (struct cached_block *c = cache->first; c != NULL; c = c->next) {
		if (c->id == id)
			return c;
		if (c->takers == 0 && (oldest == NULL || c->used < oldest->used))
			oldest = c;
	}
	return oldest != NULL && cache->places >= PLACES ? oldest : add_place(cache);
}

struct cached_block *
block_cache_take(struct block_cache *cache, int64_t id)
{
	struct cached_block *place = find_place(cache, id);

	if (place == NULL)
		return NULL;
	place->used = ++cache->uses;
	place->takers++;
	return place;
}

void
cached_block_leave(struct cached_block *place)
{
	place->takers--;
}

int
cached_block_fill(struct cached_block *place, int64_t id, const void *data, size_t bytes)
{
	place->id = 0;
	if (block_decode(place->block, data, bytes) == -1)
		return -1;
	place->id = id;
	return 0;
}
