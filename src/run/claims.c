#include "run/claims.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "run/address.h"

/* At a connection every few microseconds some milliseconds' worth. */
#define WAITING_MAX 4096
/* Between two looks, and where only strangers are left to be taken back. */
#define LOOK_US   100000
#define SELDOM_US 1000000

/* Where the claim of an address is, or -1: none of this run's. */
static int64_t
place_of(const struct ledger *ledger, const struct sockaddr_in *address)
{
	int64_t source = address_index(ledger->plan, address);

	return source < 0 ? -1 : source * LEDGER_PORTS + ntohs(address->sin_port);
}

/* What a claim of this cycle is; the same comes again only after 255 others. */
static uint8_t
mark_of(const struct ledger *ledger)
{
	int64_t cycle = atomic_load_explicit(&ledger->cycle, memory_order_relaxed);

	return (uint8_t)(cycle % UINT8_MAX + 1);
}

static bool
is_claimed(const struct ledger *ledger, int64_t place)
{
	return atomic_load_explicit(&ledger->claims[place], memory_order_relaxed) ==
	       mark_of(ledger);
}

uint16_t
claims_add(struct ledger *ledger, int fd)
{
	struct sockaddr_in own;
	socklen_t length = sizeof(own);
	int64_t place;

	if (getsockname(fd, (struct sockaddr *)&own, &length) == -1 ||
	    (place = place_of(ledger, &own)) < 0)
		return 0;
	atomic_store_explicit(&ledger->claims[place], mark_of(ledger),
			      memory_order_relaxed);
	return ntohs(own.sin_port);
}

bool
claims_has(const struct ledger *ledger, const struct sockaddr_in *address)
{
	int64_t place = place_of(ledger, address);

	return place >= 0 && is_claimed(ledger, place);
}

size_t
newcomers_bytes(void)
{
	return WAITING_MAX * sizeof(struct newcomer);
}

/* A page of the claims that is looked at for the first time would count as memory that the
 * acceptor has taken for a connection. */
static void
map_claims(const struct ledger *ledger)
{
	size_t bytes = (size_t)address_count(ledger->plan) * LEDGER_PORTS;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	for (size_t at = 0; at < bytes; at += page)
		(void)atomic_load_explicit(&ledger->claims[at], memory_order_relaxed);
}

int
newcomers_init(struct newcomers *newcomers, struct ledger *ledger, struct worker *row)
{
	*newcomers = (struct newcomers){ .ledger = ledger, .row = row };
	newcomers->waiting = mmap(NULL, newcomers_bytes(), PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (newcomers->waiting == MAP_FAILED)
		return -1;
	map_claims(ledger);
	return 0;
}

/* Of n connections taken at an instant it is known now that they are no clients'. */
static void
count_strangers(struct newcomers *newcomers, int64_t accepted_us, int64_t n)
{
	WORKER_COUNT(newcomers->row, accepted, -n);
	WORKER_COUNT(newcomers->row, strangers, n);
	ledger_recount_accepted(newcomers->ledger, accepted_us, -n);
}

/* True where there is nothing more to be learned of it. */
static bool
is_settled(struct newcomers *newcomers, struct newcomer *one, int64_t now_us)
{
	bool is_late = one->counted && one->fd == -1;

	if (!is_late && is_claimed(newcomers->ledger, one->place)) {
		if (one->counted)
			count_strangers(newcomers, one->accepted_us, -1);
		return true;
	}
	/* Of what a handler has it is not known when its port is free for another. */
	if (is_late)
		return true;
	if (!one->counted && now_us - one->accepted_us >= CLAIMS_GRACE_US) {
		count_strangers(newcomers, one->accepted_us, 1);
		one->counted = true;
	}
	return false;
}

static void
look(struct newcomers *newcomers, int64_t now_us)
{
	int32_t kept = 0, counted = 0;

	for (int32_t i = 0; i < newcomers->count; i++) {
		struct newcomer *one = &newcomers->waiting[i];

		if (is_settled(newcomers, one, now_us))
			continue;
		counted += one->counted;
		newcomers->waiting[kept++] = *one;
	}
	newcomers->count = kept;
	newcomers->look_us = now_us + (counted == kept ? SELDOM_US : LOOK_US);
}

/* The oldest half is left as it was judged last, what was not is a stranger's. */
static void
make_room(struct newcomers *newcomers)
{
	int32_t half = newcomers->count / 2;

	for (int32_t i = 0; i < half; i++)
		if (!newcomers->waiting[i].counted)
			count_strangers(newcomers, newcomers->waiting[i].accepted_us, 1);
	for (int32_t i = half; i < newcomers->count; i++)
		newcomers->waiting[i - half] = newcomers->waiting[i];
	newcomers->count -= half;
}

void
newcomers_add(struct newcomers *newcomers, const struct sockaddr_in *peer, int fd,
	      int64_t now_us)
{
	int64_t place = place_of(newcomers->ledger, peer);

	if (place < 0) {
		WORKER_COUNT(newcomers->row, strangers, 1);
		return;
	}
	WORKER_COUNT(newcomers->row, accepted, 1);
	if (newcomers->count == WAITING_MAX)
		look(newcomers, now_us);
	if (newcomers->count == WAITING_MAX)
		make_room(newcomers);
	if (newcomers->count == 0 || newcomers->look_us > now_us + LOOK_US)
		newcomers->look_us = now_us + LOOK_US;
	newcomers->waiting[newcomers->count++] = (struct newcomer){
		.accepted_us = now_us,
		.place = (uint32_t)place,
		.fd = fd,
	};
}

void
newcomers_closed(struct newcomers *newcomers, int fd)
{
	for (int32_t i = newcomers->count; i-- > 0;) {
		struct newcomer *one = &newcomers->waiting[i];

		if (one->fd != fd)
			continue;
		if (!one->counted && !is_claimed(newcomers->ledger, one->place))
			count_strangers(newcomers, one->accepted_us, 1);
		*one = newcomers->waiting[--newcomers->count];
		return;
	}
}

void
newcomers_look(struct newcomers *newcomers, int64_t now_us)
{
	if (newcomers->count > 0 && now_us >= newcomers->look_us)
		look(newcomers, now_us);
}

int64_t
newcomers_wait_us(const struct newcomers *newcomers, int64_t now_us)
{
	if (newcomers->count == 0)
		return -1;
	return newcomers->look_us > now_us ? newcomers->look_us - now_us : 0;
}
