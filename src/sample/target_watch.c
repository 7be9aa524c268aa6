#include "sample/target_watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/procfile.h"
#include "base/sock_diag.h"
#include "model/resource.h"

/* A listener that is gone for so many looks in a row is closed: one that is opened anew may
 * be away for a moment. */
#define CLOSED_LOOKS 5

/* An answer is waited for for so long: it takes some 30 us. */
#define DIAG_PATIENCE_US (US_PER_S / 20)

/* Of a namespace, at least as many as there are in the table. */
#define NETNS_READINGS 64
#define SNMP_BYTES     8192

void
target_watch_init(struct target_watch *watch, struct ledger *ledger)
{
	const struct resource *passive =
	    resource_find(SUBJECT_NETNS, "passive_opens_total");

	memset(watch, 0, sizeof(*watch));
	watch->ledger = ledger;
	watch->at = plan_endpoint(ledger->plan);
	watch->queue = resource_position(resource_find(SUBJECT_LISTENER, "queue"));
	watch->backlog = resource_position(resource_find(SUBJECT_LISTENER, "backlog"));
	watch->drops = resource_position(resource_find(SUBJECT_LISTENER, "drops_total"));
	watch->passive_opens = resource_position(passive);
	keyed_init(&watch->passive, 0);
	keyed_want(&watch->passive, passive, passive->key);
}

void
target_watch_close(struct target_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->processes[i].pidfd != -1)
			close(watch->processes[i].pidfd);
}

/* ------------------------------------------------------------------------- listeners */

struct listener_visit {
	const struct endpoint *at;
	struct target_listeners *found;
};

/* A wildcard of IPv6 serves IPv4 too, but for IPV6_V6ONLY: then the kernel would have another
 * listener of IPv4 beside it, or refuse. */
static bool
is_for(const struct endpoint *at, const struct inet_diag_msg *socket)
{
	static const uint32_t any[4];
	const uint32_t *own = socket->id.idiag_src;
	uint32_t mapped[4] = { 0, 0, htonl(0xffff), 0 };

	if (socket->idiag_family == AF_INET)
		return at->at.any.sa_family == AF_INET &&
		       (own[0] == 0 || own[0] == at->at.v4.sin_addr.s_addr);
	if (memcmp(own, any, sizeof(any)) == 0)
		return true;
	if (at->at.any.sa_family == AF_INET6)
		return memcmp(own, &at->at.v6.sin6_addr, sizeof(any)) == 0;
	mapped[3] = at->at.v4.sin_addr.s_addr;
	return memcmp(own, mapped, sizeof(mapped)) == 0;
}

static void
take_listener(const struct inet_diag_msg *socket, void *arg)
{
	const struct listener_visit *visit = arg;
	struct target_listeners *found = visit->found;

	if (!is_for(visit->at, socket) || found->count == TARGET_LISTENERS)
		return;
	found->queued += socket->idiag_rqueue;
	if (found->count == 0 || socket->idiag_rqueue > found->queue) {
		found->queue = socket->idiag_rqueue;
		found->backlog = socket->idiag_wqueue;
		found->drops = sock_diag_drops(socket);
	}
	found->inodes[found->count++] = socket->idiag_inode;
}

static void
take_unix_listener(const struct sock_diag_unix *socket, void *arg)
{
	const struct listener_visit *visit = arg;

	if (strcmp(socket->path, visit->at->at.un.sun_path) != 0 ||
	    visit->found->count == TARGET_LISTENERS)
		return;
	visit->found->queued += socket->queue;
	visit->found->queue = socket->queue;
	visit->found->backlog = socket->backlog;
	visit->found->drops = -1;
	visit->found->inodes[visit->found->count++] = socket->inode;
}

/* False where the kernel does not tell. */
static bool
find_listeners(const struct endpoint *at, struct target_listeners *found)
{
	const struct sock_diag_range range = {
		.low = endpoint_port(at),
		.high = endpoint_port(at),
		.states = 1U << TCP_LISTEN,
		.ext = 1U << (INET_DIAG_SKMEMINFO - 1),
		.patience_us = DIAG_PATIENCE_US,
	};
	struct listener_visit visit = { .at = at, .found = found };

	memset(found, 0, sizeof(*found));
	if (at->at.any.sa_family == AF_UNIX)
		return sock_diag_unix_listeners(DIAG_PATIENCE_US, take_unix_listener,
						&visit);
	return sock_diag_each(&range, take_listener, &visit);
}

void
target_watch_read(struct target_watch *watch, int64_t *readings)
{
	struct target_listeners *found = &watch->listeners;
	struct board *board = &watch->ledger->board;

	readings[watch->queue] = readings[watch->backlog] = readings[watch->drops] =
	    READING_NONE;
	if (!find_listeners(&watch->at, found))
		return;
	watch->closed_looks = found->count > 0 ? 0 : watch->closed_looks + 1;
	watch->seen |= found->count > 0;
	if (watch->seen && watch->closed_looks == CLOSED_LOOKS &&
	    atomic_load(&board->target_lost) == TARGET_THERE)
		atomic_store(&board->target_lost, TARGET_CLOSED);
	if (found->count == 0)
		return;
	readings[watch->queue] = found->queue;
	readings[watch->backlog] = found->backlog;
	if (found->drops >= 0)
		readings[watch->drops] = found->drops;
}

/* --------------------------------------------------------------------------- accepted */

/* Handshakes that the server's side has completed so far, in all of the network namespace;
 * INT64_MAX: not told. */
static int64_t
passive_opens(struct target_watch *watch)
{
	int64_t netns[NETNS_READINGS];
	readings_by_kind readings = { [SUBJECT_NETNS] = netns };
	char text[SNMP_BYTES];

	if (watch->at.at.any.sa_family == AF_UNIX ||
	    procfile_read("/proc/self/net/snmp", text, sizeof(text)) <= 0)
		return INT64_MAX;
	keyed_parse(&watch->passive, text, readings);
	return netns[watch->passive_opens] != READING_NONE ? netns[watch->passive_opens]
							   : INT64_MAX;
}

/* Of the load's connections, how many the server's side can have established. The client's
 * takes one for established whose last segment of the handshake found the queue full. Where
 * the canary is about to connect, or others do, it is more than there are, and never less but
 * for those of this instant. */
static int64_t
established_there(struct target_watch *watch, struct counts *totals)
{
	const struct worker *canary = ledger_canary(watch->ledger);
	struct counts before, after;
	int64_t opens, there;

	worker_counts(canary, &before);
	opens = passive_opens(watch);
	worker_counts(canary, &after);
	ledger_totals(watch->ledger, totals);
	there = totals->established - atomic_load(&watch->ledger->never_accepted);
	if (opens == INT64_MAX)
		return there;
	if (totals->attempted == 0)
		watch->passive_before = opens - after.attempted;
	opens -= before.established + watch->passive_before;
	return opens < there ? opens : there;
}

void
target_watch_count(struct target_watch *watch)
{
	struct ledger *ledger = watch->ledger;
	struct worker *row = ledger_acceptor(ledger, 0);
	int64_t known = atomic_load(&row->counters.accepted), accepted, there;
	struct target_listeners now;
	struct counts totals;

	there = established_there(watch, &totals);
	accepted = totals.served;
	if (atomic_load(&ledger->release_us) == 0 && !watch->seen)
		/* What waits at a listener that cannot be seen is not known. */
		accepted =
		    plan_says_nothing(ledger->plan) ? totals.established : totals.served;
	else if (atomic_load(&ledger->release_us) == 0 &&
		 find_listeners(&watch->at, &now) && now.count > 0 &&
		 there - now.queued > accepted)
		accepted = there - now.queued;
	if (accepted > known)
		atomic_store(&row->counters.accepted, accepted);
	accepted = atomic_load(&row->counters.accepted);
	/* Open in it, as far as the clients see. */
	atomic_store(&row->counters.held,
		     totals.held < accepted ? totals.held : accepted);
}

/* -------------------------------------------------------------------------- processes */

static bool
is_listed(const struct target_watch *watch, pid_t pid)
{
	for (size_t i = 0; i < watch->count; i++)
		if (watch->processes[i].pid == pid)
			return true;
	return false;
}

/* "nginx", or what the process calls itself where it begins so: "nginx: worker process". */
static void
read_name(pid_t pid, char *name, size_t size)
{
	char path[64], title[64] = "", *end;
	size_t length;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (procfile_read(path, name, size) <= 0)
		strlcpy(name, "?", size);
	name[strcspn(name, "\n")] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	(void)procfile_read(path, title, sizeof(title));
	length = strlen(name);
	if (strncmp(title, name, length) == 0 && strncmp(title + length, ": ", 2) == 0) {
		strlcpy(name, title, size);
		for (end = name + strlen(name); end > name && end[-1] == ' ';)
			*--end = '\0';
	}
	for (char *c = name; *c != '\0'; c++)
		if (!isprint((unsigned char)*c) || *c == '\'')
			*c = '?';
}

/* Its command has not been executed yet: it is still what brink forked. */
static bool
is_forked_only(const struct target_watch *watch, pid_t pid, const char *name)
{
	return ledger_process_find(watch->ledger, pid) != -1 &&
	       strcmp(name, program_invocation_short_name) == 0;
}

static void
list_process(struct target_watch *watch, pid_t pid)
{
	struct ledger *ledger = watch->ledger;
	struct target_process *added = &watch->processes[watch->count];
	int32_t index = ledger_process_find(ledger, pid);
	char name[sizeof(((struct process *)0)->name)];

	read_name(pid, name, sizeof(name));
	if (watch->count == TARGET_PROCESSES || is_listed(watch, pid) ||
	    (index != -1 && ledger->processes[index].role != ROLE_TARGET) ||
	    is_forked_only(watch, pid, name))
		return;
	*added = (struct target_process){ .pid = pid, .index = index };
	added->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (index == -1) {
		added->index = ledger_process_add(ledger, ROLE_TARGET, watch->slots);
		if (added->index == -1)
			return;
		ledger->processes[added->index].parent = procfile_parent(pid);
	}
	watch->slots++;
	strlcpy(ledger->processes[added->index].name, name, sizeof(name));
	if (index == -1)
		ledger_process_started(ledger, added->index, pid);
	watch->count++;
	if (atomic_load(&ledger_acceptor(ledger, 0)->pid) == 0)
		atomic_store_explicit(&ledger_acceptor(ledger, 0)->pid, pid,
				      memory_order_release);
}

/* Calls each() with every process whose number is the name of an entry of the directory. */
static void
each_number(const char *path, void (*each)(struct target_watch *, pid_t, void *),
	    struct target_watch *watch, void *arg)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	if (directory == NULL)
		return;
	while ((entry = readdir(directory)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]))
			each(watch, atoi(entry->d_name), arg);
	closedir(directory);
}

/* The children of one thread, which stand in its file. */
static void
list_children(struct target_watch *watch, pid_t thread, void *arg)
{
	const pid_t *process = arg;
	char path[64], text[PROCFILE_MAX], *at = text, *end;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", *process, thread);
	if (procfile_read(path, text, sizeof(text)) <= 0)
		return;
	for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
		list_process(watch, (pid_t)pid);
		at = end;
	}
}

/* All descendants: each that is found is looked at in its turn. */
static void
list_tree(struct target_watch *watch)
{
	char path[64];

	for (size_t i = 0; i < watch->count; i++) {
		snprintf(path, sizeof(path), "/proc/%d/task", watch->processes[i].pid);
		each_number(path, list_children, watch, &watch->processes[i].pid);
	}
}

/* Whose descriptors refer to a listener. */
struct holders {
	const struct target_listeners *listeners;
	pid_t pids[TARGET_PROCESSES];
	size_t count;
};

static bool
is_inode(const struct target_listeners *listeners, const char *link)
{
	unsigned inode;

	if (sscanf(link, "socket:[%u]", &inode) != 1)
		return false;
	for (size_t i = 0; i < listeners->count; i++)
		if (listeners->inodes[i] == inode)
			return true;
	return false;
}

static bool
holds_listener(pid_t pid, const struct target_listeners *listeners)
{
	char path[64], file[sizeof(path) + 32], link[64];
	struct dirent *entry;
	bool holds = false;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = opendir(path);
	while (directory != NULL && !holds && (entry = readdir(directory)) != NULL) {
		ssize_t length;

		snprintf(file, sizeof(file), "%s/%.16s", path, entry->d_name);
		length = readlink(file, link, sizeof(link) - 1);
		if (length <= 0)
			continue;
		link[length] = '\0';
		holds = is_inode(listeners, link);
	}
	if (directory != NULL)
		closedir(directory);
	return holds;
}

static void
take_holder(struct target_watch *watch, pid_t pid, void *arg)
{
	struct holders *holders = arg;
	int32_t index = ledger_process_find(watch->ledger, pid);

	if (index != -1 && watch->ledger->processes[index].role != ROLE_TARGET)
		return;
	if (holders->count < TARGET_PROCESSES && holds_listener(pid, holders->listeners))
		holders->pids[holders->count++] = pid;
}

static bool
is_among(const struct holders *holders, pid_t pid)
{
	for (size_t i = 0; i < holders->count; i++)
		if (holders->pids[i] == pid)
			return true;
	return false;
}

/* Those whose parent holds none: their descendants hold it from them. The first process of
 * the host keeps sockets for services that it starts on demand, and is none of them. */
static void
list_holders(struct target_watch *watch)
{
	struct holders *holders = calloc(1, sizeof(*holders));

	if (holders == NULL)
		return;
	holders->listeners = &watch->listeners;
	each_number("/proc", take_holder, watch, holders);
	for (size_t i = 0; i < holders->count; i++) {
		pid_t parent = procfile_parent(holders->pids[i]);
		bool is_init = holders->pids[i] == 1 && holders->count > 1;

		if (!is_init && (parent == 1 || !is_among(holders, parent)))
			list_process(watch, holders->pids[i]);
	}
	free(holders);
}

/* Readable once the process has ended. */
static bool
has_ended(const struct target_process *process)
{
	struct pollfd pfd = { .fd = process->pidfd, .events = POLLIN };

	if (process->pidfd == -1)
		return kill(process->pid, 0) == -1 && errno == ESRCH;
	return poll(&pfd, 1, 0) == 1;
}

/* Who reaps it knows how it ended, and comes first: at the second look nobody did. */
static bool
is_over(struct target_watch *watch, struct target_process *process)
{
	struct process *listed = &watch->ledger->processes[process->index];

	if (!has_ended(process))
		return false;
	if (atomic_load(&listed->end) == END_RUNNING && !process->ended) {
		process->ended = true;
		return false;
	}
	if (atomic_load(&listed->end) == END_RUNNING)
		ledger_process_gone(watch->ledger, process->index,
				    atomic_load(&watch->ledger->target_stopped) != 0);
	return true;
}

/* The first of its processes has ended. Where others of them go on, the next is the first: a
 * master's workers may serve without it, and where nobody listens, that is seen. One that only
 * started a daemon ended before that served. */
static void
first_ended(struct target_watch *watch)
{
	struct ledger *ledger = watch->ledger;

	atomic_store(&ledger_acceptor(ledger, 0)->pid,
		     watch->count > 0 ? watch->processes[0].pid : 0);
	if (watch->count == 0 && atomic_load(&ledger->target_stopped) == 0 &&
	    ledger_listening(ledger))
		atomic_store(&ledger->board.target_lost, TARGET_ENDED);
}

static void
drop_ended(struct target_watch *watch)
{
	pid_t first = atomic_load(&ledger_acceptor(watch->ledger, 0)->pid);
	bool is_over_now = false;

	for (size_t i = watch->count; i-- > 0;) {
		struct target_process *process = &watch->processes[i];

		if (!is_over(watch, process))
			continue;
		if (process->pidfd != -1)
			close(process->pidfd);
		is_over_now |= process->pid == first;
		memmove(process, process + 1, (watch->count - i - 1) * sizeof(*process));
		watch->count--;
	}
	if (is_over_now)
		first_ended(watch);
}

static int64_t
forks_of_host(void)
{
	static char text[65536];
	const char *line;

	if (procfile_read("/proc/stat", text, sizeof(text)) <= 0)
		return -1;
	line = strstr(text, "\nprocesses ");
	return line != NULL ? strtoll(line + strlen("\nprocesses "), NULL, 10) : -1;
}

/* Once: later the same number may be another process's. */
static void
list_named(struct target_watch *watch)
{
	const struct pid_list *pids = &watch->ledger->plan->target_pids;

	for (size_t i = 0; i < pids->count && !watch->named; i++)
		list_process(watch, (pid_t)pids->all[i]);
	watch->named = true;
}

void
target_watch_look(struct target_watch *watch, bool all)
{
	pid_t started = atomic_load(&watch->ledger->target_group);
	uint32_t inode = watch->listeners.count > 0 ? watch->listeners.inodes[0] : 0;
	int64_t forks;

	drop_ended(watch);
	if (!all && watch->count > 0 && inode == watch->held_inode)
		return;
	forks = forks_of_host();
	if (forks != -1 && forks == watch->forks && inode == watch->held_inode)
		return;
	watch->forks = forks;
	/* Until it listens, a command may still become another by exec(3). */
	if (started > 0 && (inode != 0 || ledger_listening(watch->ledger)) &&
	    !is_listed(watch, started) &&
	    ledger_process_find(watch->ledger, started) != -1)
		list_process(watch, started);
	if (inode != 0 && (inode != watch->held_inode || watch->count == 0)) {
		list_holders(watch);
		watch->held_inode = inode;
	}
	if (inode != 0 || ledger_listening(watch->ledger))
		list_named(watch);
	list_tree(watch);
}
