#include "run/retain.h"

#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"

/* Mapped at once; where that is not to be had, less, so that a limit is met closely. */
#define MAPPING_BYTES (INT64_C(16) << 20)
#define MAPPING_LEAST (INT64_C(64) << 10)

void
retain_init(struct retain *retain, const struct plan *plan)
{
	*retain = (struct retain){ .plan = plan };
}

bool
retain_has_time(const struct retain *retain)
{
	return retain->plan->retain[RETAIN_SECOND] > 0;
}

/* Small pages only: a huge one would come at once and be counted whole. */
static int
map_more(struct retain *retain)
{
	size_t size = MAPPING_BYTES;
	void *mapping;

	while ((mapping = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) ==
	       MAP_FAILED) {
		size /= 2;
		if (size < MAPPING_LEAST)
			return -1;
	}
	madvise(mapping, size, MADV_NOHUGEPAGE);
	retain->free = mapping;
	retain->left = size;
	return 0;
}

static int
keep(struct retain *retain, int64_t bytes)
{
	while (bytes > 0) {
		size_t part;

		if (retain->left == 0 && map_more(retain) == -1)
			return -1;
		part = retain->left < (size_t)bytes ? retain->left : (size_t)bytes;
		memset(retain->free, 1, part);
		retain->free += part;
		retain->left -= part;
		bytes -= (int64_t)part;
	}
	return 0;
}

int
retain_count(struct retain *retain, enum retain_per per, int64_t n)
{
	return keep(retain, n * retain->plan->retain[per]);
}

int
retain_time(struct retain *retain, const struct ledger *ledger)
{
	int64_t per_s = retain->plan->retain[RETAIN_SECOND] / ledger->acceptors;
	int64_t now_us = ledger_now_us(ledger), bytes;

	if (atomic_load_explicit(&ledger->ramp_us, memory_order_relaxed) == 0)
		return 0;
	if (retain->from_us == 0)
		retain->from_us = now_us;
	if (per_s == 0)
		return 0;
	/* What is left of a byte stays to be paid for. */
	bytes = (now_us - retain->from_us) * per_s / US_PER_S;
	retain->from_us += bytes * US_PER_S / per_s;
	return keep(retain, bytes);
}
