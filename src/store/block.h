/*
 * A block of packed rows: columns of integers, any of them NULL, as zlib of varints.
 *
 * Format: the number of bytes before deflating (little-endian uint32), then a zlib stream
 * of: a format byte (1), varint columns, varint rows, and for each column a byte (how many
 * are NULL), for BLOCK_SOME_NULL a bit a row (1: known), and the known values as varints of
 * the zig-zagged difference to the one before, modulo 2^64: nothing is out of range.
 */
#ifndef BRINK_STORE_BLOCK_H
#define BRINK_STORE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows that a packed block is filled to; one tick's more may come on top. */
#define BLOCK_ROWS 8192
/* What a block can have at the most: what says more is damaged. */
#define BLOCK_ROWS_MAX    (1 << 14)
#define BLOCK_COLUMNS_MAX 128

struct block {
	size_t columns, rows, capacity; /* capacity: of rows */
	int64_t *values;                /* columns x capacity, column after column */
	bool *known;                    /* likewise; false: NULL */
};

/* Makes room for that many columns, at most BLOCK_COLUMNS_MAX. NULL without memory; free
 * takes NULL. */
struct block *block_new(size_t columns);
void block_free(struct block *block);

/* Forgets all rows. */
void block_clear(struct block *block);

/* Adds a row, all NULL. 0, or -1 without memory or beyond BLOCK_ROWS_MAX. */
int block_add(struct block *block);

static inline void
block_set(struct block *block, size_t column, size_t row, int64_t value)
{
	block->values[column * block->capacity + row] = value;
	block->known[column * block->capacity + row] = true;
}

static inline bool
block_known(const struct block *block, size_t column, size_t row)
{
	return block->known[column * block->capacity + row];
}

/* 0 where it is NULL. */
static inline int64_t
block_value(const struct block *block, size_t column, size_t row)
{
	return block->values[column * block->capacity + row];
}

/* The block as bytes, which the caller frees; NULL without memory. */
void *block_encode(const struct block *block, size_t *bytes);

/* Replaces the rows by those of the bytes; columns that these lack are NULL. 0, or -1 where
 * they are damaged, have more columns than the block, or memory is short: then it has no
 * rows. */
int block_decode(struct block *block, const void *data, size_t bytes);

/* True where both hold the same. */
bool block_equal(const struct block *a, const struct block *b);

#endif
