#include "sample/process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/procfile.h"
#include "sample/target_watch.h"

/* ----------------------------------------------------------------------- one process */

/* Since Linux 6.2 stat(2) of /proc/PID/fd gives the number of open descriptors. */
static bool
fds_are_sized(void)
{
	struct stat st;

	return stat("/proc/self/fd", &st) == 0 && st.st_size > 0;
}

void
process_reader_init(struct process_reader *reader, char *buf, size_t size)
{
	/* proc(5) numbers the words of both files from 1; stat is read from behind the
	 * command, the second word, on. */
	keyed_init(&reader->stat, 3);
	keyed_init(&reader->statm, 1);
	keyed_init(&reader->rollup, 0);
	keyed_want_source(&reader->stat, SOURCE_PROC_STAT);
	keyed_want_source(&reader->statm, SOURCE_PROC_STATM);
	keyed_want_source(&reader->rollup, SOURCE_PROC_ROLLUP);
	reader->fds = resource_position(resource_find(SUBJECT_PROCESS, "fds"));
	reader->state = resource_position(resource_find(SUBJECT_PROCESS, "state"));
	reader->fds_sized = fds_are_sized();
	reader->buf = buf;
	reader->size = size;
}

static int
file_open(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, O_RDONLY | O_CLOEXEC | flags);
}

bool
process_open(struct process_files *files, pid_t pid)
{
	files->statm = files->rollup = files->fds = -1;
	files->stat = file_open(pid, "stat", 0);
	if (files->stat == -1)
		return false;
	files->statm = file_open(pid, "statm", 0);
	files->rollup = file_open(pid, "smaps_rollup", 0);
	files->fds = file_open(pid, "fd", O_DIRECTORY);
	return true;
}

void
process_close(struct process_files *files)
{
	int *fds[] = { &files->stat, &files->statm, &files->rollup, &files->fds };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] != -1)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

/* The command may hold anything, parentheses too: what follows begins after the last. */
static bool
stat_read(struct process_reader *reader, int fd, const readings_by_kind readings)
{
	const char *rest;

	if (fd == -1 || procfile_pread(fd, reader->buf, reader->size) <= 0)
		return false;
	rest = strrchr(reader->buf, ')');
	if (rest == NULL)
		return false;
	keyed_parse(&reader->stat, rest + 1, readings);
	int64_t state = readings[SUBJECT_PROCESS][reader->state];
	return state != 'Z' && state != 'X';
}

static int64_t
fds_read(const struct process_reader *reader, int fd, bool all)
{
	struct stat st;
	int64_t count;

	if (fd == -1)
		return READING_NONE;
	/* Only a process that is about to be gone has none at all. */
	if (reader->fds_sized)
		return fstat(fd, &st) == 0 && st.st_size > 0 ? st.st_size : READING_NONE;
	/* Before the load a process has few, and all is measured against them later. */
	if (!all && !reader->before_load)
		return READING_NONE;
	count = procfile_count_fds(fd, reader->buf, reader->size);
	return count == -1 ? READING_NONE : count;
}

bool
process_read(struct process_reader *reader, const struct process_files *files, bool all,
	     int64_t *readings)
{
	readings_by_kind by_kind = { [SUBJECT_PROCESS] = readings };
	size_t count;

	resource_of(SUBJECT_PROCESS, &count);
	for (size_t i = 0; i < count; i++)
		readings[i] = READING_NONE;
	if (!stat_read(reader, files->stat, by_kind)) {
		for (size_t i = 0; i < count; i++)
			readings[i] = READING_NONE;
		return false;
	}
	readings[reader->fds] = fds_read(reader, files->fds, all);
	keyed_read(&reader->statm, files->statm, reader->buf, reader->size, by_kind);
	if (all)
		keyed_read(&reader->rollup, files->rollup, reader->buf, reader->size,
			   by_kind);
	return true;
}

/* ----------------------------------------------------------------- which are sampled */

/* Room for those that are started in place of dead ones, before these are dropped. */
#define SPARE 16

/* Older processes looked at again in a tick: in turn, so that the cost has a bound. */
#define AGAIN 256

static const size_t role_limits[ROLE_COUNT] = {
	[ROLE_SUPERVISOR] = SIZE_MAX,      [ROLE_SAMPLER] = SIZE_MAX,
	[ROLE_RECORDER] = SIZE_MAX,        [ROLE_ACCEPTOR] = SIZE_MAX,
	[ROLE_HANDLER] = PROCESS_SET_MANY, [ROLE_FORKER] = SIZE_MAX,
	[ROLE_CLIENT] = PROCESS_SET_MANY,  [ROLE_CANARY] = SIZE_MAX,
	[ROLE_TARGET] = TARGET_PROCESSES,
};

int
process_set_init(struct process_set *process_set, const struct ledger *ledger)
{
	memset(process_set, 0, sizeof(*process_set));
	process_set->ledger = ledger;
	process_set->capacity = (size_t)ledger->acceptors + (size_t)ledger->forkers +
				2 * PROCESS_SET_MANY + SPARE +
				(plan_is_external(ledger->plan) ? TARGET_PROCESSES : 0);
	process_set->members =
	    calloc(process_set->capacity, sizeof(process_set->members[0]));
	process_set->known =
	    calloc((size_t)ledger->process_capacity / 64 + 1, sizeof(uint64_t));
	if (process_set->members != NULL && process_set->known != NULL)
		return 0;
	process_set_free(process_set);
	return -1;
}

void
process_set_free(struct process_set *process_set)
{
	for (size_t i = 0; i < process_set->count; i++)
		process_close(&process_set->members[i].files);
	free(process_set->members);
	free(process_set->known);
	memset(process_set, 0, sizeof(*process_set));
}

static bool
has_ended(const struct process_set *process_set, int32_t index)
{
	return atomic_load_explicit(&process_set->ledger->processes[index].end,
				    memory_order_acquire) != END_RUNNING;
}

static void
drop_dead(struct process_set *process_set)
{
	for (size_t i = process_set->count; i-- > 0;) {
		struct member *member = &process_set->members[i];

		if (!member->dead)
			continue;
		process_close(&member->files);
		process_set->of_role[member->role]--;
		*member = process_set->members[--process_set->count];
	}
}

/* A process whose files are open is still the one that was meant if the ledger does not
 * say by then that it has ended: until that its pid is not given to another. */
static void
member_open(const struct process_set *process_set, struct member *member)
{
	process_open(&member->files, member->pid);
	if (has_ended(process_set, member->index)) {
		process_close(&member->files);
		member->dead = true;
	}
}

static void
consider(struct process_set *process_set, int32_t index)
{
	const struct process *process = &process_set->ledger->processes[index];
	uint64_t bit = UINT64_C(1) << (index % 64);
	pid_t pid = atomic_load_explicit(&process->pid, memory_order_acquire);
	struct member *member = &process_set->members[process_set->count];

	/* What a target's process is called is known once it was looked at. */
	if (process->role == ROLE_TARGET && process->name[0] == '\0')
		return;
	if (pid == 0 || (process_set->known[index / 64] & bit) != 0 ||
	    has_ended(process_set, index) ||
	    process_set->of_role[process->role] >= role_limits[process->role] ||
	    process_set->count == process_set->capacity)
		return;
	*member = (struct member){ .index = index,
				   .pid = pid,
				   .role = (enum role)process->role,
				   .slot = process->slot };
	process_set->known[index / 64] |= bit;
	process_set->of_role[process->role]++;
	process_set->count++;
	member_open(process_set, member);
}

void
process_set_update(struct process_set *process_set)
{
	int32_t count = ledger_process_count(process_set->ledger);

	drop_dead(process_set);
	/* An entry that is not complete yet, or that there was no room for, gets its turn
	 * among the older ones. */
	for (int32_t looks = 0; looks < AGAIN && looks < process_set->fresh; looks++) {
		process_set->again = process_set->again + 1 < process_set->fresh
					 ? process_set->again + 1
					 : 0;
		consider(process_set, process_set->again);
	}
	for (; process_set->fresh < count; process_set->fresh++)
		consider(process_set, process_set->fresh);
}

static void
member_read(const struct process_set *process_set, struct member *member,
	    struct process_reader *reader, bool all, struct tick *tick)
{
	if (member->files.stat == -1 && all)
		member_open(process_set, member);
	if (member->files.stat == -1) {
		member->dead = has_ended(process_set, member->index);
		return;
	}
	member->readings = tick_subject(tick, SUBJECT_PROCESS, (uint32_t)member->index);
	member->ticks++;
	if (process_read(reader, &member->files, all, member->readings))
		return;
	member->dead = true;
	member->readings = NULL;
}

void
process_set_read(struct process_set *process_set, struct process_reader *reader, bool all,
		 struct tick *tick)
{
	for (size_t i = 0; i < process_set->count; i++) {
		process_set->members[i].readings = NULL;
		member_read(process_set, &process_set->members[i], reader, all, tick);
	}
}
