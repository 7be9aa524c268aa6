/* A packed histogram of the store. */
#include "base/histogram.h"
#include "fuzz.h"
#include "store/histogram_pack.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t counts[HISTOGRAM_BUCKETS];

	memset(counts, 0, sizeof(counts));
	if (histogram_unpack(data, size, counts) == 0 && histogram_count(counts) > 0)
		PROMISED(histogram_quantile(counts, 0.99) >= 0);
	return 0;
}
