#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/block.h"

/* xorshift64 (Marsaglia 2003): the same numbers at every run. */
static uint64_t seed = 88172645463325252U;

static uint64_t
random_u64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int64_t
any_value(void)
{
	static const int64_t extremes[] = { INT64_MIN, INT64_MIN + 1, -1,       0,
					    1,         INT64_MAX - 1, INT64_MAX };

	switch (random_u64() % 4) {
	case 0:
		return extremes[random_u64() % (sizeof(extremes) / sizeof(extremes[0]))];
	case 1:
		return (int64_t)random_u64();
	default:
		return (int64_t)(random_u64() % 100000);
	}
}

/* Each column has its own share of NULLs: none, some or all. */
static struct block *
any_block(size_t columns, size_t rows)
{
	struct block *block = block_new(columns);
	uint64_t nulls[BLOCK_COLUMNS_MAX];

	assert_non_null(block);
	for (size_t c = 0; c < columns; c++)
		nulls[c] = random_u64() % 3 * 50;
	for (size_t row = 0; row < rows; row++) {
		assert_int_equal(block_add(block), 0);
		for (size_t c = 0; c < columns; c++)
			if (random_u64() % 100 >= nulls[c])
				block_set(block, c, row, any_value());
	}
	return block;
}

static void
whatever_is_packed_comes_back(void **state)
{
	(void)state;
	for (int i = 0; i < 200; i++) {
		size_t columns = 1 + random_u64() % 40, rows = random_u64() % 300, bytes;
		struct block *block = any_block(columns, rows);
		struct block *again = block_new(columns);
		void *data = block_encode(block, &bytes);

		assert_non_null(data);
		assert_int_equal(block_decode(again, data, bytes), 0);
		assert_int_equal(again->rows, rows);
		assert_true(block_equal(block, again));
		free(data);
		block_free(block);
		block_free(again);
	}
}

static void
a_block_grows_and_is_used_again(void **state)
{
	struct block *block = any_block(3, BLOCK_ROWS + 5), *again = block_new(3);
	size_t bytes;
	void *data = block_encode(block, &bytes);

	(void)state;
	assert_int_equal(block_decode(again, data, bytes), 0);
	assert_true(block_equal(block, again));
	free(data);
	block_clear(block);
	data = block_encode(block, &bytes);
	assert_int_equal(block_decode(again, data, bytes), 0);
	assert_int_equal(again->rows, 0);
	free(data);
	block_free(block);
	block_free(again);
}

/* Packed before the table got its newest column. */
static void
columns_that_are_missing_are_null(void **state)
{
	struct block *block = any_block(2, 10), *wide = block_new(3),
		     *narrow = block_new(1);
	size_t bytes;
	void *data = block_encode(block, &bytes);

	(void)state;
	assert_int_equal(block_decode(wide, data, bytes), 0);
	for (size_t row = 0; row < 10; row++) {
		assert_int_equal(block_value(wide, 1, row), block_value(block, 1, row));
		assert_false(block_known(wide, 2, row));
	}
	assert_int_equal(block_decode(narrow, data, bytes), -1);
	assert_int_equal(narrow->rows, 0);
	free(data);
	block_free(block);
	block_free(wide);
	block_free(narrow);
}

static void
a_difference_is_seen(void **state)
{
	struct block *a = block_new(1), *b = block_new(1);

	(void)state;
	block_add(a);
	block_add(b);
	assert_true(block_equal(a, b));
	block_set(b, 0, 0, 0);
	assert_false(block_equal(a, b)); /* NULL is not 0 */
	block_set(a, 0, 0, 1);
	assert_false(block_equal(a, b));
	block_free(a);
	block_free(b);
}

/* Cut short or with a bit turned it is refused, or read as some other block: never more. */
static void
damage_is_survived(void **state)
{
	struct block *block = any_block(5, 50), *again = block_new(5);
	size_t bytes;
	unsigned char *data = block_encode(block, &bytes);

	(void)state;
	for (size_t length = 0; length < bytes; length++)
		assert_int_equal(block_decode(again, data, length), -1);
	for (size_t bit = 0; bit < 8 * bytes; bit++) {
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (block_decode(again, data, bytes) == -1)
			assert_int_equal(again->rows, 0);
		data[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	assert_int_equal(block_decode(again, data, bytes), 0);
	assert_true(block_equal(block, again));
	free(data);
	block_free(block);
	block_free(again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_is_packed_comes_back),
		cmocka_unit_test(a_block_grows_and_is_used_again),
		cmocka_unit_test(columns_that_are_missing_are_null),
		cmocka_unit_test(a_difference_is_seen),
		cmocka_unit_test(damage_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
