#include "store/ledger_rows.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "run/record.h"
#include "store/histogram_pack.h"

enum statement {
	STATEMENT_PROCESS,
	STATEMENT_FAILURE,
	STATEMENT_TOTAL,
	STATEMENT_LATENCY,
	STATEMENT_PORT_USE,
	STATEMENT_COUNT
};

/* ?1 is the run in all of them. */
static const char *const statements[STATEMENT_COUNT] = {
	[STATEMENT_PROCESS] =
	    "INSERT INTO process (run_id, process_id, pid, role, slot, parent, from_us,"
	    " to_us, end, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
	    " ON CONFLICT DO UPDATE SET to_us = excluded.to_us, end = excluded.end,"
	    " code = excluded.code",
	[STATEMENT_FAILURE] =
	    "INSERT INTO failure (run_id, worker, process_id, call, errno, error, count,"
	    " first_us, last_us, first_held, first_attempted, first_established,"
	    " first_accepted, first_served, first_own, first_fds, first_limit, own_fds,"
	    " cycle, role, slot) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
	    " ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
	    " ON CONFLICT DO UPDATE SET count = excluded.count, last_us = "
	    "excluded.last_us,"
	    " process_id = excluded.process_id, first_attempted = "
	    "excluded.first_attempted,"
	    " first_established = excluded.first_established,"
	    " first_accepted = excluded.first_accepted",
	[STATEMENT_TOTAL] =
	    "INSERT OR REPLACE INTO worker_total (run_id, worker, attempted, established,"
	    " accepted, served, held, missed, failed, transient, lost, released, "
	    "messages,"
	    " sent_bytes, received_bytes, strangers, role, slot)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	    "?16, ?17, ?18)",
	[STATEMENT_PORT_USE] =
	    "INSERT OR REPLACE INTO port_use (run_id, cycle, t_us, source, port_low,"
	    " port_high, own, strangers, time_wait, bound, other, reserved, unreachable,"
	    " free, listener) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
	    " ?13, ?14, ?15)",
	[STATEMENT_LATENCY] =
	    "INSERT INTO latency (run_id, kind, t_us, count, p50_us, p90_us, p99_us,"
	    " p999_us, max_us, histogram) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	    "?10)",
};

/* What STATEMENT_TOTAL takes from ?3 on. */
static const size_t total_columns[] = {
	offsetof(struct counts, attempted),      offsetof(struct counts, established),
	offsetof(struct counts, accepted),       offsetof(struct counts, served),
	offsetof(struct counts, held),           offsetof(struct counts, missed),
	offsetof(struct counts, failed),         offsetof(struct counts, transient),
	offsetof(struct counts, lost),           offsetof(struct counts, released),
	offsetof(struct counts, messages),       offsetof(struct counts, sent_bytes),
	offsetof(struct counts, received_bytes), offsetof(struct counts, strangers),
};

#define TOTAL_COLUMNS ((int)(sizeof(total_columns) / sizeof(total_columns[0])))

/* What STATEMENT_LATENCY takes from ?5 on. */
static const double quantiles[] = { 0.5, 0.9, 0.99, 0.999, 1 };

/* A process that may still change: not complete yet, or running. */
struct open_process {
	int32_t index;
	bool stored;
};

/* What the store has of a failure. */
struct stored_failure {
	uint64_t count;
	uint32_t cycles;
};

struct ledger_rows {
	struct db *db;
	struct ledger *ledger;
	int64_t run_id;
	struct db_statement *statement[STATEMENT_COUNT];
	int32_t processes;         /* looked at so far */
	struct open_process *open; /* of those */
	int32_t open_count;
	int32_t *process_of; /* by worker number: its newest process, -1: none */
	struct stored_failure (*failures)[LEDGER_FAILURES]; /* by worker number */
	int32_t port_uses;                                  /* stored */
	struct packer *packer;
	uint64_t pending[LATENCY_KINDS][HISTOGRAM_BUCKETS]; /* stored, not committed */
};

static struct db_statement *
statement(struct ledger_rows *rows, enum statement which)
{
	db_bind_int(rows->statement[which], 1, rows->run_id);
	return rows->statement[which];
}

void
ledger_rows_forget(struct ledger_rows *rows)
{
	size_t workers = (size_t)rows->ledger->worker_count;

	rows->processes = 0;
	rows->port_uses = 0;
	rows->open_count = 0;
	memset(rows->failures, 0, workers * sizeof(*rows->failures));
	memset(rows->pending, 0, sizeof(rows->pending));
	for (size_t i = 0; i < workers; i++)
		rows->process_of[i] = -1;
}

/* Adds up what the store holds of one kind. */
static int
restore_latency(struct ledger_rows *rows, enum latency_kind kind)
{
	uint64_t *recorded = rows->ledger->recorded[kind];
	struct db_statement *s = db_prepare(
	    rows->db, "SELECT histogram FROM latency WHERE run_id = ?1 AND kind = ?2");
	int rc;

	if (s == NULL)
		return -1;
	memset(recorded, 0, sizeof(rows->ledger->recorded[kind]));
	db_bind_int(s, 1, rows->run_id);
	db_bind_text(s, 2, latency_name(kind));
	while ((rc = db_step(s)) == 1) {
		size_t bytes;
		const void *packed = db_blob(s, 0, &bytes);

		histogram_unpack(packed, bytes, recorded);
	}
	db_finish(s);
	return rc;
}

static int
prepare(struct ledger_rows *rows)
{
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		rows->statement[i] = db_prepare(rows->db, statements[i]);
		if (rows->statement[i] == NULL)
			return -1;
	}
	for (int kind = 0; kind < LATENCY_KINDS; kind++)
		if (restore_latency(rows, (enum latency_kind)kind) == -1)
			return -1;
	return 0;
}

struct ledger_rows *
ledger_rows_new(struct db *db, struct ledger *ledger, int64_t run_id)
{
	struct ledger_rows *rows = calloc(1, sizeof(*rows));
	size_t workers = (size_t)ledger->worker_count;

	if (rows == NULL)
		return NULL;
	rows->db = db;
	rows->ledger = ledger;
	rows->run_id = run_id;
	rows->open = calloc((size_t)ledger->process_capacity, sizeof(*rows->open));
	rows->process_of = calloc(workers, sizeof(*rows->process_of));
	rows->failures = calloc(workers, sizeof(*rows->failures));
	rows->packer = packer_new();
	if (rows->open == NULL || rows->process_of == NULL || rows->failures == NULL ||
	    rows->packer == NULL || prepare(rows) == -1) {
		ledger_rows_free(rows);
		return NULL;
	}
	ledger_rows_forget(rows);
	return rows;
}

void
ledger_rows_free(struct ledger_rows *rows)
{
	if (rows == NULL)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		db_finish(rows->statement[i]);
	packer_free(rows->packer);
	free(rows->failures);
	free(rows->process_of);
	free(rows->open);
	free(rows);
}

/* The worker that a process runs as, or NULL: handlers, helpers. */
static const struct worker *
worker_of(struct ledger *ledger, const struct process *process)
{
	switch (process->role) {
	case ROLE_ACCEPTOR:
		return ledger_acceptor(ledger, process->slot);
	case ROLE_TARGET: /* of which the first stands for all */
		return process->slot == 0 ? ledger_acceptor(ledger, 0) : NULL;
	case ROLE_FORKER:
		return ledger_forker(ledger, process->slot);
	case ROLE_CLIENT:
		return ledger_client(ledger, process->slot);
	case ROLE_CANARY:
		return ledger_canary(ledger);
	default:
		return NULL;
	}
}

static int
store_process(struct ledger_rows *rows, int32_t index, enum process_end end)
{
	static const char *const ends[] = {
		[END_RUNNING] = NULL, [END_EXIT] = "exit",       [END_SIGNAL] = "signal",
		[END_OOM] = "oom",    [END_STOPPED] = "stopped", [END_GONE] = "exit",
	};
	const struct process *process = &rows->ledger->processes[index];
	const struct worker *worker = worker_of(rows->ledger, process);
	struct db_statement *s = statement(rows, STATEMENT_PROCESS);

	if (worker != NULL)
		rows->process_of[worker - rows->ledger->workers] = index;
	db_bind_int(s, 2, index);
	db_bind_int(s, 3, atomic_load(&process->pid));
	db_bind_text(s, 4, role_name((enum role)process->role));
	db_bind_int(s, 5, process->slot);
	db_bind_int(s, 6, process->parent);
	db_bind_int(s, 7, process->from_us);
	if (end != END_RUNNING) {
		db_bind_int(s, 8, atomic_load(&process->to_us));
		db_bind_text(s, 9, ends[end]);
		if (end != END_GONE)
			db_bind_int(s, 10, atomic_load(&process->code));
	}
	return db_run(s);
}

/* Stores a process when it is complete and again when it has ended: sets *done then. */
static int
sync_process(struct ledger_rows *rows, struct open_process *open, bool *done)
{
	const struct process *process = &rows->ledger->processes[open->index];
	enum process_end end;

	*done = false;
	if (atomic_load(&process->pid) == 0)
		return 0;
	end = (enum process_end)atomic_load(&process->end);
	*done = end != END_RUNNING;
	if (open->stored && !*done)
		return 0;
	open->stored = true;
	return store_process(rows, open->index, end);
}

static int
sync_processes(struct ledger_rows *rows)
{
	int32_t count = ledger_process_count(rows->ledger), kept = 0;

	for (; rows->processes < count; rows->processes++)
		rows->open[rows->open_count++] =
		    (struct open_process){ .index = rows->processes };
	for (int32_t i = 0; i < rows->open_count; i++) {
		bool done;

		if (sync_process(rows, &rows->open[i], &done) == -1)
			return -1;
		if (!done)
			rows->open[kept++] = rows->open[i];
	}
	rows->open_count = kept;
	return 0;
}

/* NULL in the store for what could not be read. */
static void
bind_known(struct db_statement *s, int parameter, int64_t value)
{
	if (value >= 0)
		db_bind_int(s, parameter, value);
}

static void
bind_role(struct db_statement *s, int parameter, const struct worker *worker)
{
	db_bind_text(s, parameter, role_name((enum role)worker->role));
	db_bind_int(s, parameter + 1, worker->slot);
}

static void
bind_failure(struct db_statement *s, const struct ledger_failure *failure,
	     const struct failure_note *note)
{
	int error = failure_error(failure);
	const char *name = error == 0 ? "other" : strerrorname_np(error);
	struct counts at = failure_at_first(note);

	db_bind_text(s, 4, call_name(failure_call(failure)));
	db_bind_int(s, 5, error);
	db_bind_text(s, 6, name != NULL ? name : "unknown");
	db_bind_int(s, 8, note->first_us);
	db_bind_int(s, 9, atomic_load(&note->last_us));
	db_bind_int(s, 10, at.held);
	db_bind_int(s, 11, at.attempted);
	db_bind_int(s, 12, at.established);
	db_bind_int(s, 13, at.accepted);
	db_bind_int(s, 14, at.served);
	db_bind_int(s, 15, note->first_own);
	bind_known(s, 16, note->first_fds);
	bind_known(s, 17, note->first_limit);
	db_bind_int(s, 19, note->cycle);
}

/* As it is in one cycle: the newest in which it occurred, or the one before that. */
static int
store_note(struct ledger_rows *rows, int32_t worker, const struct ledger_failure *failure,
	   uint32_t back)
{
	const struct failure_note *note;
	struct db_statement *s;
	char name[RECORD_NAME];
	uint64_t count;

	note = failure_note(failure, back, &count);
	if (note == NULL)
		return 0;
	s = statement(rows, STATEMENT_FAILURE);
	subject_name(rows->ledger, SUBJECT_WORKER, (uint32_t)worker, name, sizeof(name));
	db_bind_text(s, 2, name);
	bind_role(s, 20, &rows->ledger->workers[worker]);
	bind_known(s, 3, rows->process_of[worker]);
	bind_failure(s, failure, note);
	db_bind_int(s, 7, (int64_t)count);
	bind_known(s, 18, rows->ledger->workers[worker].own_fds);
	return db_run(s);
}

static int
store_failure(struct ledger_rows *rows, int32_t worker, int row)
{
	const struct ledger_failure *failure =
	    &rows->ledger->workers[worker].failures[row];
	struct stored_failure *stored = &rows->failures[worker][row];
	uint64_t count = atomic_load(&failure->count);
	uint32_t cycles = atomic_load(&failure->cycles);

	if (count == stored->count)
		return 0;
	/* The cycle before changes no more once there is another: it is stored once, long
	 * before its note is used again. */
	if (cycles != stored->cycles && store_note(rows, worker, failure, 1) == -1)
		return -1;
	*stored = (struct stored_failure){ .count = count, .cycles = cycles };
	return store_note(rows, worker, failure, 0);
}

static int
sync_failures(struct ledger_rows *rows)
{
	for (int32_t worker = 0; worker < rows->ledger->worker_count; worker++)
		for (int row = 0; row < LEDGER_FAILURES; row++)
			if (store_failure(rows, worker, row) == -1)
				return -1;
	return 0;
}

static int
store_total(struct ledger_rows *rows, const struct worker *worker,
	    const struct counts *counts)
{
	struct db_statement *s = statement(rows, STATEMENT_TOTAL);
	uint32_t index = (uint32_t)(worker - rows->ledger->workers);
	char name[RECORD_NAME];

	subject_name(rows->ledger, SUBJECT_WORKER, index, name, sizeof(name));
	db_bind_text(s, 2, name);
	bind_role(s, TOTAL_COLUMNS + 3, worker);
	for (int i = 0; i < TOTAL_COLUMNS; i++) {
		int64_t value;

		memcpy(&value, (const char *)counts + total_columns[i], sizeof(value));
		db_bind_int(s, i + 3, value);
	}
	return db_run(s);
}

/* At every commit, so that a run that is killed has them up to its last second. */
static int
sync_totals(struct ledger_rows *rows)
{
	struct ledger *ledger = rows->ledger;
	struct counts counts;

	for (int32_t i = 0; i < ledger->acceptors; i++) {
		worker_counts(ledger_acceptor(ledger, i), &counts);
		if (store_total(rows, ledger_acceptor(ledger, i), &counts) == -1)
			return -1;
	}
	for (int32_t i = 0; i < ledger->forkers; i++) {
		ledger_forker_counts(ledger, i, &counts);
		if (store_total(rows, ledger_forker(ledger, i), &counts) == -1)
			return -1;
	}
	worker_counts(ledger_canary(ledger), &counts);
	return store_total(rows, ledger_canary(ledger), &counts);
}

static int
store_port_use(struct ledger_rows *rows, const struct port_use *use)
{
	const int32_t counts[] = {
		use->low,         use->high,  use->own,      use->strangers,
		use->time_wait,   use->bound, use->other,    use->reserved,
		use->unreachable, use->free,  use->listener,
	};
	struct in_addr source = { htonl(use->source) };
	struct db_statement *s = statement(rows, STATEMENT_PORT_USE);
	char text[INET_ADDRSTRLEN];

	db_bind_int(s, 2, use->cycle);
	db_bind_int(s, 3, use->t_us);
	db_bind_text(s, 4, inet_ntop(AF_INET, &source, text, sizeof(text)));
	for (int i = 0; i < (int)(sizeof(counts) / sizeof(counts[0])); i++)
		db_bind_int(s, i + 5, counts[i]);
	return db_run(s);
}

static int
sync_port_uses(struct ledger_rows *rows)
{
	int32_t count =
	    atomic_load_explicit(&rows->ledger->port_use_count, memory_order_acquire);

	for (; rows->port_uses < count; rows->port_uses++)
		if (store_port_use(rows, &rows->ledger->port_uses[rows->port_uses]) == -1)
			return -1;
	return 0;
}

static int
sync_latency(struct ledger_rows *rows, enum latency_kind kind, int64_t now_us)
{
	uint64_t *counts = rows->pending[kind];
	struct db_statement *s;
	const void *packed;
	size_t bytes;

	memset(counts, 0, sizeof(rows->pending[kind]));
	for (int i = 0; i < LEDGER_HISTOGRAMS; i++)
		histogram_sum(&rows->ledger->latency[kind][i], counts);
	for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
		counts[i] -= rows->ledger->recorded[kind][i];
	if (histogram_count(counts) == 0)
		return 0;
	s = statement(rows, STATEMENT_LATENCY);
	db_bind_text(s, 2, latency_name(kind));
	db_bind_int(s, 3, now_us);
	db_bind_int(s, 4, (int64_t)histogram_count(counts));
	for (int i = 0; i < (int)(sizeof(quantiles) / sizeof(quantiles[0])); i++)
		db_bind_int(s, i + 5, histogram_quantile(counts, quantiles[i]));
	packed = packer_pack(rows->packer, counts, &bytes);
	db_bind_blob(s, 10, packed, bytes);
	return db_run(s);
}

int
ledger_rows_store(struct ledger_rows *rows, int64_t now_us)
{
	if (sync_processes(rows) == -1 || sync_failures(rows) == -1 ||
	    sync_totals(rows) == -1 || sync_port_uses(rows) == -1)
		return -1;
	for (int kind = 0; kind < LATENCY_KINDS; kind++)
		if (sync_latency(rows, (enum latency_kind)kind, now_us) == -1)
			return -1;
	return 0;
}

void
ledger_rows_committed(struct ledger_rows *rows)
{
	for (int kind = 0; kind < LATENCY_KINDS; kind++)
		for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
			rows->ledger->recorded[kind][i] += rows->pending[kind][i];
	memset(rows->pending, 0, sizeof(rows->pending));
}
