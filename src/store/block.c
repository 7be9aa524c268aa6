#include "store/block.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FORMAT       1
#define LENGTH_BYTES 4
#define VARINT_BYTES 10

enum nulls { BLOCK_ALL_NULL, BLOCK_NONE_NULL, BLOCK_SOME_NULL };

struct block *
block_new(size_t columns)
{
	struct block *block = calloc(1, sizeof(*block));

	if (block != NULL)
		block->columns = columns;
	return block;
}

void
block_free(struct block *block)
{
	if (block == NULL)
		return;
	free(block->values);
	free(block->known);
	free(block);
}

void
block_clear(struct block *block)
{
	block->rows = 0;
}

/* Room for so many rows; those that are there are kept. */
static int
block_reserve(struct block *block, size_t rows)
{
	int64_t *values;
	bool *known;

	if (rows <= block->capacity)
		return 0;
	values = reallocarray(NULL, rows * block->columns, sizeof(*values));
	known = reallocarray(NULL, rows * block->columns, sizeof(*known));
	if (values == NULL || known == NULL) {
		free(values);
		free(known);
		return -1;
	}
	for (size_t c = 0; c < block->columns && block->rows > 0; c++) {
		memcpy(values + c * rows, block->values + c * block->capacity,
		       block->rows * sizeof(*values));
		memcpy(known + c * rows, block->known + c * block->capacity,
		       block->rows * sizeof(*known));
	}
	free(block->values);
	free(block->known);
	block->values = values;
	block->known = known;
	block->capacity = rows;
	return 0;
}

int
block_add(struct block *block)
{
	size_t row = block->rows;

	if (row == BLOCK_ROWS_MAX ||
	    (row == block->capacity &&
	     block_reserve(block, row == 0 ? BLOCK_ROWS : 2 * row) == -1))
		return -1;
	for (size_t c = 0; c < block->columns; c++) {
		block->values[c * block->capacity + row] = 0;
		block->known[c * block->capacity + row] = false;
	}
	block->rows++;
	return 0;
}

static unsigned char *
put_varint(unsigned char *to, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*to++ = (unsigned char)(value | 0x80);
	*to++ = (unsigned char)value;
	return to;
}

static uint64_t
zigzag(uint64_t difference)
{
	return difference << 1 ^ (difference >> 63 != 0 ? ~UINT64_C(0) : 0);
}

static uint64_t
unzigzag(uint64_t value)
{
	return value >> 1 ^ ((value & 1) != 0 ? ~UINT64_C(0) : 0);
}

static enum nulls
count_nulls(const bool *known, size_t rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows; i++)
		n += known[i];
	if (n == 0)
		return BLOCK_ALL_NULL;
	return n == rows ? BLOCK_NONE_NULL : BLOCK_SOME_NULL;
}

static unsigned char *
put_column(unsigned char *to, const struct block *block, size_t column)
{
	const int64_t *values = block->values + column * block->capacity;
	const bool *known = block->known + column * block->capacity;
	enum nulls nulls = count_nulls(known, block->rows);
	uint64_t before = 0;

	*to++ = (unsigned char)nulls;
	if (nulls == BLOCK_SOME_NULL) {
		memset(to, 0, (block->rows + 7) / 8);
		for (size_t i = 0; i < block->rows; i++)
			to[i / 8] |= (unsigned char)(known[i] << i % 8);
		to += (block->rows + 7) / 8;
	}
	for (size_t i = 0; i < block->rows; i++) {
		if (!known[i])
			continue;
		to = put_varint(to, zigzag((uint64_t)values[i] - before));
		before = (uint64_t)values[i];
	}
	return to;
}

/* The most that a column can take before it is deflated. */
static size_t
column_bound(size_t rows)
{
	return 1 + (rows + 7) / 8 + rows * VARINT_BYTES;
}

static size_t
raw_bound(size_t columns, size_t rows)
{
	return 1 + 2 * VARINT_BYTES + columns * column_bound(rows);
}

void *
block_encode(const struct block *block, size_t *bytes)
{
	size_t bound = raw_bound(block->columns, block->rows);
	unsigned char *raw = malloc(bound), *to = raw, *packed;
	uLongf packed_bytes = compressBound((uLong)bound);

	packed = malloc(LENGTH_BYTES + packed_bytes);
	if (raw == NULL || packed == NULL)
		goto fail;
	*to++ = FORMAT;
	to = put_varint(to, block->columns);
	to = put_varint(to, block->rows);
	for (size_t c = 0; c < block->columns && block->rows > 0; c++)
		to = put_column(to, block, c);
	for (int i = 0; i < LENGTH_BYTES; i++)
		packed[i] = (unsigned char)((size_t)(to - raw) >> 8 * i);
	if (compress2(packed + LENGTH_BYTES, &packed_bytes, raw, (uLong)(to - raw),
		      Z_BEST_COMPRESSION) != Z_OK)
		goto fail;
	free(raw);
	*bytes = LENGTH_BYTES + packed_bytes;
	return packed;
fail:
	free(raw);
	free(packed);
	return NULL;
}

/* What is left to be read of the inflated bytes. */
struct reader {
	const unsigned char *at, *end;
};

static int
get_varint(struct reader *r, uint64_t *value)
{
	*value = 0;
	for (int shift = 0; shift < 70 && r->at < r->end; shift += 7) {
		unsigned char byte = *r->at++;

		/* The tenth byte has one bit of the 64 left. */
		if (shift == 63 && byte > 1)
			return -1;
		*value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return 0;
	}
	return -1;
}

static int
get_known(struct reader *r, enum nulls nulls, bool *known, size_t rows)
{
	size_t bytes = (rows + 7) / 8;

	if (nulls == BLOCK_ALL_NULL || nulls == BLOCK_NONE_NULL) {
		memset(known, nulls == BLOCK_NONE_NULL, rows);
		return 0;
	}
	if (nulls != BLOCK_SOME_NULL || (size_t)(r->end - r->at) < bytes)
		return -1;
	for (size_t i = 0; i < rows; i++)
		known[i] = (r->at[i / 8] >> i % 8 & 1) != 0;
	r->at += bytes;
	return 0;
}

static int
get_column(struct reader *r, struct block *block, size_t column)
{
	int64_t *values = block->values + column * block->capacity;
	bool *known = block->known + column * block->capacity;
	uint64_t value = 0, difference;

	if (r->at == r->end ||
	    get_known(r, (enum nulls) * r->at++, known, block->rows) == -1)
		return -1;
	for (size_t i = 0; i < block->rows; i++) {
		values[i] = 0;
		if (!known[i])
			continue;
		if (get_varint(r, &difference) == -1)
			return -1;
		value += unzigzag(difference);
		values[i] = (int64_t)value;
	}
	return 0;
}

static int
get_block(struct reader *r, struct block *block)
{
	uint64_t columns, rows;

	if (r->at == r->end || *r->at++ != FORMAT || get_varint(r, &columns) == -1 ||
	    get_varint(r, &rows) == -1 || columns > block->columns ||
	    rows > BLOCK_ROWS_MAX || block_reserve(block, rows) == -1)
		return -1;
	block->rows = rows;
	for (size_t c = 0; c < columns && rows > 0; c++)
		if (get_column(r, block, c) == -1)
			return -1;
	for (size_t c = columns; c < block->columns && rows > 0; c++) {
		memset(block->values + c * block->capacity, 0, rows * sizeof(int64_t));
		memset(block->known + c * block->capacity, 0, rows * sizeof(bool));
	}
	return r->at == r->end ? 0 : -1;
}

int
block_decode(struct block *block, const void *data, size_t bytes)
{
	const unsigned char *from = data;
	uLongf raw_bytes = 0;
	unsigned char *raw;
	int result = -1;

	block->rows = 0;
	if (bytes < LENGTH_BYTES)
		return -1;
	for (int i = 0; i < LENGTH_BYTES; i++)
		raw_bytes |= (uLongf)from[i] << 8 * i;
	/* What the block can hold at the most, whatever it says of itself. */
	if (raw_bytes > raw_bound(block->columns, BLOCK_ROWS_MAX))
		return -1;
	raw = malloc(raw_bytes + 1);
	if (raw != NULL && uncompress(raw, &raw_bytes, from + LENGTH_BYTES,
				      (uLong)(bytes - LENGTH_BYTES)) == Z_OK) {
		struct reader r = { raw, raw + raw_bytes };

		result = get_block(&r, block);
	}
	free(raw);
	if (result == -1)
		block->rows = 0;
	return result;
}

bool
block_equal(const struct block *a, const struct block *b)
{
	if (a->columns != b->columns || a->rows != b->rows)
		return false;
	for (size_t c = 0; c < a->columns && a->rows > 0; c++)
		if (memcmp(a->values + c * a->capacity, b->values + c * b->capacity,
			   a->rows * sizeof(int64_t)) != 0 ||
		    memcmp(a->known + c * a->capacity, b->known + c * b->capacity,
			   a->rows * sizeof(bool)) != 0)
			return false;
	return true;
}
