#include "store/histogram_pack.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/histogram.h"

#define PAIR_BYTES 8
#define RAW_BYTES  (HISTOGRAM_BUCKETS * PAIR_BYTES)
/* deflateBound() of RAW_BYTES is less: a thousandth and some bytes more. */
#define PACKED_BYTES (RAW_BYTES + RAW_BYTES / 100 + 64)

struct packer {
	z_stream stream;
	unsigned char raw[RAW_BYTES];
	unsigned char packed[PACKED_BYTES];
};

struct packer *
packer_new(void)
{
	struct packer *packer = calloc(1, sizeof(*packer));

	if (packer != NULL && deflateInit(&packer->stream, Z_DEFAULT_COMPRESSION) == Z_OK)
		return packer;
	free(packer);
	return NULL;
}

void
packer_free(struct packer *packer)
{
	if (packer != NULL)
		deflateEnd(&packer->stream);
	free(packer);
}

static unsigned char *
put_u32(unsigned char *to, uint32_t value)
{
	for (int shift = 0; shift < 32; shift += 8)
		*to++ = (unsigned char)(value >> shift);
	return to;
}

static uint32_t
get_u32(const unsigned char *from)
{
	return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	       (uint32_t)from[3] << 24;
}

const void *
packer_pack(struct packer *packer, const uint64_t *counts, size_t *bytes)
{
	unsigned char *end = packer->raw;
	z_stream *z = &packer->stream;

	for (uint32_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
		if (counts[i] == 0)
			continue;
		end = put_u32(end, i);
		end = put_u32(
		    end, (uint32_t)(counts[i] < UINT32_MAX ? counts[i] : UINT32_MAX));
	}
	deflateReset(z);
	z->next_in = packer->raw;
	z->avail_in = (uInt)(end - packer->raw);
	z->next_out = packer->packed;
	z->avail_out = sizeof(packer->packed);
	deflate(z, Z_FINISH); /* there is room for all of it */
	*bytes = z->total_out;
	return packer->packed;
}

int
histogram_unpack(const void *packed, size_t bytes, uint64_t *counts)
{
	unsigned char raw[RAW_BYTES];
	uLongf size = sizeof(raw);

	if (uncompress(raw, &size, packed, bytes) != Z_OK || size % PAIR_BYTES != 0)
		return -1;
	for (const unsigned char *p = raw; p < raw + size; p += PAIR_BYTES)
		if (get_u32(p) >= HISTOGRAM_BUCKETS)
			return -1;
	for (const unsigned char *p = raw; p < raw + size; p += PAIR_BYTES)
		counts[get_u32(p)] += get_u32(p + 4);
	return 0;
}
