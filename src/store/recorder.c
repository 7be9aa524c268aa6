#include "store/recorder.h"

#include <sys/mman.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/control.h"
#include "run/target.h"
#include "store/disk_reserve.h"
#include "store/db.h"
#include "store/ledger_rows.h"
#include "store/record_rows.h"
#include "store/run.h"

/* The recorder's own events are numbered from here (see sql/schema.sql). */
#define GAP_SEQ INT64_C(1000000000)

/* Rows are only ever added at the ends of tables: a quarter of the usual page cache does,
 * in KiB, and is full, and grows no more, after half a minute. */
#define CACHE_SIZE "-512"

/* How often the end of the run is tried, a second apart, before it is given up. */
#define END_TRIES 10

/* Samples are kept in memory for longer than this, but a run is of no use that ends unstored. */
#define SILENCE_US (60 * US_PER_S)

/* How long the workers' cgroup may take to be empty, once the supervisor is gone. */
#define CGROUP_PATIENCE_US (30 * US_PER_S)

/* One of the rings, and how far this transaction has read it. */
struct feed {
	struct ring *ring;
	uint64_t cursor;
	uint64_t dropped;           /* as noted in the store */
	int64_t newest_us;          /* of the records that were read */
	const char *what, *subject; /* what its records are, and who sends them */
};

enum { FEED_TICKS, FEED_EVENTS, FEEDS };

struct recorder {
	struct db *db;
	struct ledger *ledger;
	int64_t run_id;
	int orders, epoll;
	int orders_seen;
	struct feed feeds[FEEDS];
	struct record_rows *records;
	struct ledger_rows *counts;
	int64_t stored_us; /* all before is in the store */
	bool failing;      /* the last transaction failed, and it was said */
	bool moved;        /* the file was renamed or deleted, and it was said */
	bool lost;         /* it was deleted */
};

/* How a run ends: its state, and its outcome where that is known without an analysis. */
struct ending {
	const char *state, *outcome;
};

static const struct ending ending_recorded = { "recorded", NULL };
static const struct ending ending_interrupted = { "interrupted", "interrupted" };

static int
store_gap(struct recorder *r, const struct feed *feed, uint64_t dropped, int64_t seq)
{
	struct event_record event = {
		.seq = seq,
		.t_us = ledger_now_us(r->ledger),
		.level = EVENT_WARNING,
		.kind = "gap",
	};
	struct ring_record record = { RECORD_EVENT, sizeof(event), &event };

	strlcpy(event.subject, feed->subject, sizeof(event.subject));
	snprintf(event.text, sizeof(event.text),
		 "%llu %s lost since the start, the last between %.1f s and %.1f s: the "
		 "recorder could not keep up",
		 (unsigned long long)dropped, feed->what, (double)feed->newest_us / 1e6,
		 (double)event.t_us / 1e6);
	return record_rows_store(r->records, &record);
}

/* When a record was made, or what was known of the time before it. */
static int64_t
record_time_us(const struct ring_record *record, int64_t before_us)
{
	switch (record->kind) {
	case RECORD_TICK:
		return ((const struct tick_record *)record->data)->t_us;
	case RECORD_EVENT:
		return ((const struct event_record *)record->data)->t_us;
	default:
		return before_us;
	}
}

/* Stores what a ring holds, and says how much it has lost. The number of the event follows
 * from the losses, so that a successor's is the same row. */
static int
store_feed(struct recorder *r, int which)
{
	struct feed *feed = &r->feeds[which];
	uint64_t dropped = atomic_load(&feed->ring->dropped);
	struct ring_record record;

	while (ring_next(feed->ring, &feed->cursor, &record)) {
		feed->newest_us = record_time_us(&record, feed->newest_us);
		if (record_rows_store(r->records, &record) == -1)
			return -1;
	}
	if (dropped == feed->dropped)
		return 0;
	feed->dropped = dropped;
	return store_gap(r, feed, dropped, GAP_SEQ + (int64_t)dropped * FEEDS + which);
}

static int
store_ending(struct recorder *r, const struct ending *ending, int64_t now_us)
{
	static const char *const sql[] = {
		"UPDATE phase SET to_us = ?2 WHERE run_id = ?1 AND to_us IS NULL",
		"UPDATE run SET ended_us = ?2, state = ?3, outcome = ?4"
		" WHERE run_id = ?1",
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]) && rc == 0; i++) {
		struct db_statement *s = db_prepare(r->db, sql[i]);

		if (s == NULL)
			return -1;
		db_bind_int(s, 1, r->run_id);
		db_bind_int(s, 2, now_us);
		if (i > 0) {
			db_bind_text(s, 3, ending->state);
			db_bind_text(s, 4, ending->outcome);
		}
		rc = db_run(s);
		db_finish(s);
	}
	return rc;
}

static int
store_all(struct recorder *r, const struct ending *ending)
{
	int64_t now_us = ledger_now_us(r->ledger);

	for (int i = 0; i < FEEDS; i++)
		if (store_feed(r, i) == -1)
			return -1;
	if (ledger_rows_store(r->counts, now_us) == -1)
		return -1;
	return ending != NULL ? store_ending(r, ending, now_us) : 0;
}

/* Nothing that was read counts: it is still in the rings, and read again. */
static void
recorder_forget(struct recorder *r)
{
	db_rollback(r->db);
	record_rows_forget(r->records);
	ledger_rows_forget(r->counts);
	for (int i = 0; i < FEEDS; i++) {
		r->feeds[i].cursor = ring_tail(r->feeds[i].ring);
		r->feeds[i].dropped = 0;
	}
}

/* True where there was a reserve, wherever it is by now. */
static bool
recorder_drop_disk_reserve(struct recorder *r)
{
	char now_at[PATH_MAX];

	if (!db_whereabouts(db_file(r->db), now_at, sizeof(now_at)))
		return disk_reserve_drop(db_path(r->db), r->run_id);
	return disk_reserve_drop_moved(db_path(r->db), now_at, r->run_id);
}

/* After a transaction that failed. The supervisor is told, and ends the run, in the room
 * that the reserve gives where there was one: then it is true. */
static bool
recorder_make_room(struct recorder *r)
{
	int64_t known = atomic_load(&r->ledger->board.disk);
	enum disk_state disk = DISK_FINE;

	if (db_is_full(r->db))
		disk = recorder_drop_disk_reserve(r) ? DISK_FULL : DISK_SPENT;
	else if (ledger_now_us(r->ledger) - r->stored_us > SILENCE_US)
		disk = DISK_SILENT;
	if (disk != DISK_FINE && known == DISK_FINE)
		atomic_store(&r->ledger->board.disk, disk);
	return disk == DISK_FULL;
}

/*
 * One transaction with everything there is; the run's ending too where there is one. The
 * rings are released only after the commit. 0, or -1 where nothing was stored and all is
 * kept for the next try.
 */
static int
recorder_try(struct recorder *r, const struct ending *ending)
{
	int64_t now_us = ledger_now_us(r->ledger);

	if (db_begin(r->db) == -1 || store_all(r, ending) == -1 ||
	    db_commit(r->db) == -1) {
		if (!r->failing)
			log_warnx("%s: samples are kept in memory and tried again: %s",
				  db_is_full(r->db) ? "the disk of the database is full"
						    : "the database cannot be written",
				  db_error(r->db));
		r->failing = true;
		recorder_forget(r);
		return -1;
	}
	for (int i = 0; i < FEEDS; i++)
		ring_release(r->feeds[i].ring, r->feeds[i].cursor);
	ledger_rows_committed(r->counts);
	if (r->failing)
		log_warnx("the database can be written again");
	r->failing = false;
	r->stored_us = now_us;
	return 0;
}

static int
recorder_store(struct recorder *r, const struct ending *ending)
{
	if (recorder_try(r, ending) == 0)
		return 0;
	return recorder_make_room(r) ? recorder_try(r, ending) : -1;
}

/* SQLite goes on writing to the file that it has open, whatever became of its name. */
static void
check_moved(struct recorder *r)
{
	char now_at[PATH_MAX];

	if (r->lost || !db_is_moved(r->db))
		return;
	if (!db_whereabouts(db_file(r->db), now_at, sizeof(now_at))) {
		r->lost = true;
		log_warnx("the database was deleted or replaced: this run is lost with "
			  "it");
	} else if (!r->moved) {
		log_warnx("the database was moved: this run is stored on in %s", now_at);
	}
	r->moved = true;
}

/* How the run ends, if it does: NULL while it goes on. */
static const struct ending *
recorder_ending(struct recorder *r)
{
	const struct order *order;

	while ((order = control_next(r->ledger, &r->orders_seen)) != NULL)
		if (order->kind == ORDER_QUIT)
			return &ending_recorded;
	return control_orphaned(r->orders) ? &ending_interrupted : NULL;
}

/* Waits for the run's next full second, or for its end. */
static const struct ending *
recorder_wait(struct recorder *r)
{
	int64_t due_us = (ledger_now_us(r->ledger) / US_PER_S + 1) * US_PER_S;
	const struct ending *ending;
	struct epoll_event event;
	int64_t left_us;

	while ((ending = recorder_ending(r)) == NULL &&
	       (left_us = due_us - ledger_now_us(r->ledger)) > 0)
		epoll_wait(r->epoll, &event, 1, (int)(left_us / US_PER_MS) + 1);
	return ending;
}

/*
 * The checkpoints move what was committed from the log to the file: between transactions
 * and never waiting for a reader, so that neither delays a commit.
 */
static const struct ending *
recorder_run(struct recorder *r)
{
	const struct ending *ending;

	while ((ending = recorder_wait(r)) == NULL) {
		if (recorder_store(r, NULL) == 0)
			db_exec(r->db, "PRAGMA wal_checkpoint(PASSIVE)");
		check_moved(r);
	}
	return ending;
}

/* The peak is kept in the run's row for those who list many runs; where it cannot be,
 * v_run finds it in the samples. */
static void
recorder_finish(struct recorder *r)
{
	if (run_store_peak(r->db, r->run_id) == -1)
		log_warnx("the peak of run %lld is not stored: %s", (long long)r->run_id,
			  db_error(r->db));
	db_exec(r->db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static int
recorder_end(struct recorder *r, const struct ending *ending)
{
	for (int try = 0; try < END_TRIES; try++) {
		if (try > 0)
			poll(NULL, 0, 1000);
		if (recorder_store(r, ending) == -1)
			continue;
		recorder_finish(r);
		/* Nobody is left to analyse it now. */
		if (ending == &ending_interrupted)
			recorder_drop_disk_reserve(r);
		check_moved(r);
		return r->lost ? 1 : 0;
	}
	log_warnx("run %lld is stored up to %.1f s, and what came after is lost: %s",
		  (long long)r->run_id, (double)r->stored_us / 1e6, db_error(r->db));
	return 1;
}

/* Nobody else is left to do it; the workers die with the supervisor, but not at once. */
static void
remove_cgroup(const struct own_cgroup *own)
{
	if (own != NULL && own_cgroup_remove(own, CGROUP_PATIENCE_US) == -1)
		log_warn("the cgroup of the run cannot be removed; the next run will");
}

static void
wait_a_moment(void *arg)
{
	(void)arg;
	poll(NULL, 0, 50);
}

/* Everything is opened and prepared before the first connection is made. */
static int
recorder_open(struct recorder *r, const struct worker_context *context)
{
	const struct recorder_job *job = context->extra;

	*r = (struct recorder){
		.ledger = context->ledger,
		.run_id = job->run_id,
		.orders = context->orders,
		.feeds = {
			[FEED_TICKS] = { .ring = context->ledger->ticks,
			    .what = "samples", .subject = "sampler" },
			[FEED_EVENTS] = { .ring = context->ledger->events,
			    .what = "messages", .subject = "supervisor" },
		},
	};
	for (int i = 0; i < FEEDS; i++)
		r->feeds[i].cursor = ring_tail(r->feeds[i].ring);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll == -1 ||
	    watch_fd(r->epoll, EPOLL_CTL_ADD, r->orders, EPOLLIN | EPOLLET) == -1) {
		log_warn("the order pipe cannot be watched");
		return -1;
	}
	r->db = db_open(job->db, DB_WRITE, stderr);
	if (r->db == NULL)
		return -1;
	/* While it has the name that it was opened by. */
	(void)db_file(r->db);
	r->stored_us = ledger_now_us(r->ledger);
	r->records = record_rows_new(r->db, r->ledger, r->run_id);
	r->counts = ledger_rows_new(r->db, r->ledger, r->run_id);
	if (r->records == NULL || r->counts == NULL ||
	    db_exec(r->db, "PRAGMA wal_autocheckpoint = 0") == -1 ||
	    db_exec(r->db, "PRAGMA cache_size = " CACHE_SIZE) == -1) {
		log_warnx("the database cannot be written: %s", db_error(r->db));
		return -1;
	}
	return 0;
}

static void
recorder_close(struct recorder *r)
{
	ledger_rows_free(r->counts);
	record_rows_free(r->records);
	db_close(r->db);
	close(r->epoll);
}

int
recorder_main(const struct worker_context *context)
{
	const struct ending *ending;
	struct recorder r;
	int status = 1;

	/* Its end comes by the order pipe alone: whatever a terminal or a person sends to
	 * the whole group, what was sampled is stored. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (recorder_open(&r, context) == 0) {
		/* Not allowed everywhere, and only a help where the host runs out of memory. */
		mlockall(MCL_CURRENT);
		ending = recorder_run(&r);
		status = recorder_end(&r, ending);
		if (ending == &ending_interrupted) {
			target_stop(context->ledger, TARGET_PATIENCE_US, wait_a_moment,
				    NULL);
			remove_cgroup(context->cgroup);
		}
	}
	recorder_close(&r);
	return status;
}
