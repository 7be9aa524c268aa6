/* A packed block of the store. The bytes are deflated here: no fuzzer guesses a checksum. */
#include <stdlib.h>
#include <zlib.h>

#include "fuzz.h"
#include "store/block.h"

#define COLUMNS 8

/* What was read is a block like any other: it comes back from being packed again. */
static void
pack_again(const struct block *block)
{
	struct block *again = block_new(COLUMNS);
	size_t bytes;
	void *data = block_encode(block, &bytes);

	PROMISED(again != NULL && data != NULL);
	PROMISED(block_decode(again, data, bytes) == 0);
	PROMISED(block_equal(block, again));
	free(data);
	block_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct block *block = block_new(COLUMNS);
	uLongf packed_bytes = compressBound((uLong)size);
	unsigned char *packed = malloc(4 + packed_bytes);

	PROMISED(block != NULL && packed != NULL);
	PROMISED(block_decode(block, data, size) == 0 || block->rows == 0);
	for (int i = 0; i < 4; i++)
		packed[i] = (unsigned char)(size >> 8 * i);
	PROMISED(compress(packed + 4, &packed_bytes, data, (uLong)size) == Z_OK);
	if (block_decode(block, packed, 4 + packed_bytes) == 0)
		pack_again(block);
	else
		PROMISED(block->rows == 0);
	free(packed);
	block_free(block);
	return 0;
}
