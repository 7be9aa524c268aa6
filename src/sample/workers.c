#include "sample/workers.h"

#include <string.h>

#include "base/log.h"
#include "model/resource.h"

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
#define X(name) { #name, offsetof(struct counts, name) },
	LEDGER_COUNTERS(X)
#undef X
};

static size_t
counter_offset(const char *name)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (strcmp(counters[i].name, name) == 0)
			return counters[i].offset;
	fatalx("the ledger has no counter %s", name);
}

void
workers_init(struct workers *workers, struct ledger *ledger)
{
	const struct resource *entry = resource_of(SUBJECT_WORKER, &workers->count);

	if (workers->count > WORKERS_READINGS)
		fatalx("a worker has more readings than %d", WORKERS_READINGS);
	workers->ledger = ledger;
	workers->subjects = (size_t)ledger->acceptors + (size_t)ledger->forkers + 1;
	for (size_t i = 0; i < workers->count; i++)
		workers->offsets[i] = counter_offset(entry[i].key);
}

static void
worker_add(const struct workers *workers, struct tick *tick, const struct worker *worker,
	   const struct counts *counts)
{
	int64_t *readings = tick_subject(tick, SUBJECT_WORKER,
					 (uint32_t)(worker - workers->ledger->workers));

	for (size_t i = 0; i < workers->count; i++)
		memcpy(&readings[i], (const char *)counts + workers->offsets[i],
		       sizeof(readings[i]));
}

void
workers_read(const struct workers *workers, struct tick *tick, struct workers_sums *sums)
{
	struct ledger *ledger = workers->ledger;
	struct counts counts;

	memset(sums, 0, sizeof(*sums));
	/* Who is served was accepted before: read in this order it is so in every tick. */
	for (int32_t f = 0; f < ledger->forkers; f++) {
		ledger_forker_counts(ledger, f, &counts);
		worker_add(workers, tick, ledger_forker(ledger, f), &counts);
		sums->clients += counts.processes;
		sums->client_sockets += counts.held + counts.in_flight;
	}
	for (int32_t a = 0; a < ledger->acceptors; a++) {
		worker_counts(ledger_acceptor(ledger, a), &counts);
		worker_add(workers, tick, ledger_acceptor(ledger, a), &counts);
		sums->handlers += counts.processes;
	}
	worker_counts(ledger_canary(ledger), &counts);
	worker_add(workers, tick, ledger_canary(ledger), &counts);
}
