#include "sample/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/procfile.h"
#include "model/resource.h"
#include "plan/host.h"

/* ----------------------------------------------------------------------------- files */

/* The kernel zeroes a buffer as large as is asked for before it writes a sysctl there: ten
 * times the cost of the number itself. */
#define SYSCTL_SIZE 256

/* proc(5); /proc/self/net is of the network namespace that the file is opened in. */
static const struct {
	enum source source;
	const char *path;
	size_t size;
} paths[] = {
	{ SOURCE_MEMINFO, "/proc/meminfo", PROCFILE_MAX },
	{ SOURCE_VMSTAT, "/proc/vmstat", PROCFILE_MAX },
	{ SOURCE_CPU, "/proc/stat", PROCFILE_MAX },
	{ SOURCE_LOADAVG, "/proc/loadavg", PROCFILE_MAX },
	{ SOURCE_FILE_NR, "/proc/sys/fs/file-nr", SYSCTL_SIZE },
	{ SOURCE_SOCKSTAT, "/proc/self/net/sockstat", PROCFILE_MAX },
	{ SOURCE_SNMP, "/proc/self/net/snmp", PROCFILE_MAX },
	{ SOURCE_NETSTAT, "/proc/self/net/netstat", PROCFILE_MAX },
	{ SOURCE_CONNTRACK, "/proc/sys/net/netfilter/nf_conntrack_count", SYSCTL_SIZE },
};

void
system_open(struct system *system)
{
	system->count = 0;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct system_file *file = &system->files[system->count];

		keyed_init(&file->keyed, 0);
		keyed_want_source(&file->keyed, paths[i].source);
		if (file->keyed.count == 0)
			continue;
		file->size = paths[i].size;
		file->fd = open(paths[i].path, O_RDONLY | O_CLOEXEC);
		system->count++;
	}
}

void
system_close(struct system *system)
{
	for (size_t i = 0; i < system->count; i++)
		if (system->files[i].fd != -1)
			close(system->files[i].fd);
	system->count = 0;
}

void
system_read(struct system *system, char *buf, size_t size,
	    const readings_by_kind readings)
{
	for (size_t i = 0; i < system->count; i++) {
		struct system_file *file = &system->files[i];

		keyed_read(&file->keyed, file->fd, buf,
			   file->size < size ? file->size : size, readings);
	}
}

/* --------------------------------------------------------------------- object caches */

/* A kernel merges caches of one size: then only one of their names is there. */
static const char *const caches[] = {
	"TCP",
	"TCPv6",
	"request_sock_TCP",
	"tw_sock_TCP",
	"sock_inode_cache",
	"dentry",
	"filp",
	"eventpoll_epi",
	"eventpoll_pwq",
	"skbuff_head_cache",
	"skbuff_small_head",
	"lsm_inode_cache",
	"nf_conntrack",
	"task_struct",
	"mm_struct",
	"kmalloc-cg-1k",
};

#define CACHES (sizeof(caches) / sizeof(caches[0]))

int
gauges_open(struct gauges *gauges)
{
	gauges->fd = open("/proc/slabinfo", O_RDONLY | O_CLOEXEC);
	gauges->record =
	    calloc(1, sizeof(*gauges->record) + CACHES * sizeof(struct gauge));
	return gauges->record == NULL ? -1 : 0;
}

void
gauges_close(struct gauges *gauges)
{
	if (gauges->fd != -1)
		close(gauges->fd);
	free(gauges->record);
}

static bool
is_wanted(const char *name, size_t length)
{
	for (size_t i = 0; i < CACHES; i++)
		if (strlen(caches[i]) == length && strncmp(caches[i], name, length) == 0)
			return true;
	return false;
}

void
gauges_parse(struct gauges *gauges, const char *text)
{
	struct gauges_record *record = gauges->record;

	record->count = 0;
	while (*text != '\0' && record->count < CACHES) {
		size_t length = strcspn(text, " \n");
		struct gauge *gauge = &record->gauge[record->count];

		if (is_wanted(text, length)) {
			snprintf(gauge->name, sizeof(gauge->name), "slab %.*s",
				 (int)length, text);
			gauge->value = strtoll(text + length, NULL, 10);
			record->count++;
		}
		text = strchrnul(text, '\n');
		text += *text == '\n';
	}
}

void
gauges_read(struct gauges *gauges, int64_t tick, int64_t t_us, struct ring *ring,
	    char *buf, size_t size)
{
	struct gauges_record *record = gauges->record;

	if (gauges->fd == -1 || procfile_pread(gauges->fd, buf, size) <= 0)
		return;
	gauges_parse(gauges, buf);
	record->tick = tick;
	record->t_us = t_us;
	if (record->count > 0)
		ring_push(ring, RECORD_GAUGES, record,
			  (uint32_t)(sizeof(*record) +
				     record->count * sizeof(record->gauge[0])));
}

/* ------------------------------------------------------------------ processes of all */

/* RESERVED_PIDS of the kernel: once they were given, ids under it are not given again
 * (alloc_pid() of kernel/pid.c). */
#define RESERVED_IDS 300
/* Of the time that reading /proc took, this many times is left in between. */
#define REST 50

int64_t
users_of_server(struct ledger *ledger)
{
	pid_t pid = atomic_load(&ledger_acceptor(ledger, 0)->pid);
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	if (!plan_is_external(ledger->plan) || pid <= 0 || stat(path, &st) == -1)
		return ledger->plan->uid;
	return st.st_uid;
}

/* Once it is known who that is. */
static void
users_look(struct users *users)
{
	int64_t uid = users_of_server(users->ledger);

	users->uid = uid >= 0 ? (uid_t)uid : getuid();
	users->limited = !host_is_exempt(uid);
}

void
users_init(struct users *users, struct ledger *ledger)
{
	*users = (struct users){ .ledger = ledger, .kept_back = -1 };
	users->all = host_shows_all();
	users_look(users);
	users->user_threads =
	    resource_position(resource_find(SUBJECT_HOST, "user_threads"));
	users->process_ids =
	    resource_position(resource_find(SUBJECT_HOST, "process_ids"));
	users->threads = resource_position(resource_find(SUBJECT_HOST, "threads"));
}

/* Free ids under RESERVED_IDS: threads are found in /proc though they are not listed. */
static int64_t
count_kept_back(void)
{
	int64_t free = 0;
	char path[32];

	for (int id = 1; id < RESERVED_IDS; id++) {
		snprintf(path, sizeof(path), "/proc/%d", id);
		free += access(path, F_OK) == -1;
	}
	return free;
}

static bool
was_refused(const struct ledger *ledger)
{
	for (int32_t i = 0; i < ledger->acceptors + ledger->forkers; i++)
		for (int k = 0; k < LEDGER_FAILURES; k++)
			if (failure_call(&ledger->workers[i].failures[k]) == CALL_FORK)
				return true;
	return false;
}

void
users_read(struct users *users, bool all, int64_t *host)
{
	int64_t began_us = ledger_now_us(users->ledger);
	bool refused = !users->refused && was_refused(users->ledger);

	if (all && plan_is_external(users->ledger->plan))
		users_look(users);
	if (all && users->all)
		users->kept_back = count_kept_back();
	if (users->kept_back >= 0 && host[users->threads] != READING_NONE)
		host[users->process_ids] = host[users->threads] + users->kept_back;
	if (!users->limited || (!refused && (!all || began_us < users->rest_us)))
		return;
	users->refused |= refused;
	host[users->user_threads] = host_user_threads(users->uid);
	users->rest_us = began_us + REST * (ledger_now_us(users->ledger) - began_us);
}
