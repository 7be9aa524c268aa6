#include "run/own_cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/procfile.h"

/* What their names begin with. Who holds the directory's lock is alive: flock(2). */
#define PREFIX   "brink."
#define TEMPLATE PREFIX "XXXXXX"
/* Another run may take a new directory for a dead run's, before it is locked. */
#define MAKE_TRIES 8
#define PAUSE_MS   20

/* A file has its name of version 2, then of version 1. */
static const struct controller {
	const char *name;
	enum limit_name limit;
	const char *limit_file[2];
	/* Set as well where it is there, so that nothing is swapped out instead. */
	const char *swap_file[2];
} controllers[OWN_CONTROLLERS] = {
	[OWN_MEMORY] = { "memory",
			 LIMIT_MEMORY,
			 { "memory.max", "memory.limit_in_bytes" },
			 { "memory.swap.max", "memory.swappiness" } },
	[OWN_PIDS] = { "pids", LIMIT_PIDS, { "pids.max", "pids.max" }, { NULL, NULL } },
};

static int
file_of(const char *directory, const char *file, char *path, size_t size)
{
	int length = snprintf(path, size, "%s/%s", directory, file);

	if (length > 0 && (size_t)length < size)
		return 0;
	errno = ENAMETOOLONG;
	return -1;
}

static int
write_file(const char *directory, const char *file, const char *text)
{
	char path[CGROUP_PATH];

	if (file_of(directory, file, path, sizeof(path)) == -1)
		return -1;
	return procfile_write(path, text);
}

/* The directory, open and locked, or -1. */
static int
open_locked(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Removes what dead runs have left below parent; what is not empty stays. */
static void
sweep(const char *parent)
{
	DIR *directory = opendir(parent);
	const struct dirent *entry;
	char path[CGROUP_PATH];

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0 ||
		    file_of(parent, entry->d_name, path, sizeof(path)) == -1)
			continue;
		int fd = open_locked(path);
		if (fd == -1)
			continue;
		rmdir(path);
		close(fd);
	}
	if (directory != NULL)
		closedir(directory);
}

/* A directory below parent, locked: 0, or -1 with errno. */
static int
make_below(const char *parent, char *path, int *lock)
{
	sweep(parent);
	for (int i = 0; i < MAKE_TRIES; i++) {
		if (file_of(parent, TEMPLATE, path, CGROUP_PATH) == -1 ||
		    mkdtemp(path) == NULL)
			break;
		*lock = open_locked(path);
		/* Readable for all, as every cgroup is. */
		if (*lock != -1 && chmod(path, 0755) == 0)
			return 0;
		if (*lock != -1)
			close(*lock);
		rmdir(path);
	}
	path[0] = '\0';
	*lock = -1;
	return -1;
}

static bool
delegates(const struct cgroup_directory *parent, const char *controller)
{
	char path[CGROUP_PATH], text[256];
	ssize_t length = -1;

	if (file_of(parent->path, "cgroup.subtree_control", path, sizeof(path)) == 0)
		length = procfile_read(path, text, sizeof(text));
	return length > 0 && cgroup_list_has(text, text + length, controller);
}

bool
own_cgroup_parent(const struct cgroup_map *map, const char *controller,
		  struct cgroup_directory *parent, int *version)
{
	*version = 2;
	if (cgroup_find(map, NULL, parent)) {
		do {
			if (delegates(parent, controller))
				return true;
		} while (cgroup_parent(parent));
	}
	*version = 1;
	return cgroup_find(map, controller, parent);
}

/* True where this process could move a child of its own there: version 2 asks for the
 * right to the nearest common ancestor too. */
static bool
may_enter(const struct cgroup_directory *parent, int version, const char *path)
{
	char procs[CGROUP_PATH];

	if (file_of(path, "cgroup.procs", procs, sizeof(procs)) == -1 ||
	    access(procs, W_OK) == -1)
		return false;
	if (version == 1)
		return true;
	return file_of(parent->path, "cgroup.procs", procs, sizeof(procs)) == 0 &&
	       access(procs, W_OK) == 0;
}

/* A directory that an earlier controller has made below the same parent, or NULL. */
static const char *
made_below(const struct own_cgroup *own, const char *parent)
{
	size_t length = strlen(parent);

	for (int i = 0; i < OWN_CONTROLLERS; i++) {
		if (strncmp(own->path[i], parent, length) == 0 &&
		    strrchr(own->path[i], '/') == own->path[i] + length)
			return own->path[i];
	}
	return NULL;
}

static int
set_limit(const struct controller *controller, int version, const char *path,
	  int64_t limit)
{
	const char *swap = controller->swap_file[2 - version];
	char text[32];

	if (limit < 0)
		return 0;
	snprintf(text, sizeof(text), "%lld", (long long)limit);
	if (swap != NULL && write_file(path, swap, "0") == -1 && errno != ENOENT)
		return -1;
	return write_file(path, controller->limit_file[2 - version], text);
}

/* 0, or -1 with errno. */
static int
make_one(struct own_cgroup *own, const struct cgroup_map *map, enum own_controller which,
	 int64_t limit)
{
	const struct controller *controller = &controllers[which];
	struct cgroup_directory parent;
	const char *made;
	int version;

	if (!own_cgroup_parent(map, controller->name, &parent, &version)) {
		errno = ENODEV;
		return -1;
	}
	made = made_below(own, parent.path);
	if (made != NULL)
		strlcpy(own->path[which], made, CGROUP_PATH);
	else if (make_below(parent.path, own->path[which], &own->lock[which]) == -1)
		return -1;
	if (!may_enter(&parent, version, own->path[which])) {
		errno = EACCES;
		return -1;
	}
	return set_limit(controller, version, own->path[which], limit);
}

static void
forget(struct own_cgroup *own, enum own_controller which)
{
	int saved = errno;

	if (own->lock[which] != -1) {
		rmdir(own->path[which]);
		close(own->lock[which]);
	}
	own->lock[which] = -1;
	own->path[which][0] = '\0';
	errno = saved;
}

int
own_cgroup_make(struct own_cgroup *own, const struct cgroup_map *map,
		const struct plan *plan, FILE *err)
{
	memset(own, 0, sizeof(*own));
	for (int i = 0; i < OWN_CONTROLLERS; i++)
		own->lock[i] = -1;
	for (int i = 0; i < OWN_CONTROLLERS && plan->isolate; i++) {
		const struct limit_spec *limit = limit_spec(controllers[i].limit);
		int64_t value = plan->limit[controllers[i].limit];
		char text[UNITS_TEXT_SIZE];

		if (make_one(own, map, (enum own_controller)i, value) == 0)
			continue;
		forget(own, (enum own_controller)i);
		if (value < 0)
			continue;
		fprintf(err,
			"brink run: --limit %s=%s: no cgroup with the %s controller may "
			"be made here: %s\n",
			limit->name, units_format_exact(limit->unit, value, text),
			controllers[i].name,
			errno == ENODEV ? "it is in no hierarchy that is mounted, or not "
					  "handed down to this one"
					: strerror(errno));
		return -1;
	}
	return 0;
}

int
own_cgroup_enter(const struct own_cgroup *own)
{
	for (int i = 0; i < OWN_CONTROLLERS; i++) {
		/* 0 is the process that writes. */
		if (own->path[i][0] != '\0' &&
		    write_file(own->path[i], "cgroup.procs", "0") == -1)
			return -1;
	}
	return 0;
}

/* A cgroup is busy until the last of its dead has been reaped, by whomever. */
static int
remove_path(const char *path, int64_t until_us)
{
	while (rmdir(path) == -1) {
		if (errno == ENOENT)
			return 0;
		if (errno != EBUSY || clock_us() >= until_us)
			return -1;
		poll(NULL, 0, PAUSE_MS);
	}
	return 0;
}

int
own_cgroup_remove(const struct own_cgroup *own, int64_t patience_us)
{
	int64_t until_us = clock_us() + patience_us;
	int result = 0;

	for (int i = 0; i < OWN_CONTROLLERS; i++)
		if (own->path[i][0] != '\0')
			result |= remove_path(own->path[i], until_us);
	return result;
}

void
own_cgroup_close(struct own_cgroup *own)
{
	for (int i = 0; i < OWN_CONTROLLERS; i++)
		if (own->lock[i] != -1)
			close(own->lock[i]);
}

void
own_cgroup_oom_file(const struct own_cgroup *own, char *path, size_t size)
{
	static const char *const files[] = { "memory.events", "memory.oom_control" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (own->path[OWN_MEMORY][0] != '\0' &&
		    file_of(own->path[OWN_MEMORY], files[i], path, size) == 0 &&
		    access(path, R_OK) == 0)
			return;
	}
	path[0] = '\0';
}

#define HOST_FILE "/proc/vmstat"

/* Kills counted so far, 0 where that cannot be read. */
static int64_t
read_kills(const char *path)
{
	static const char key[] = "\noom_kill ";
	char text[PROCFILE_MAX];
	const char *line;

	text[0] = '\n';
	if (procfile_read(path, text + 1, sizeof(text) - 1) <= 0)
		return 0;
	line = strstr(text, key);
	return line != NULL ? strtoll(line + strlen(key), NULL, 10) : 0;
}

void
oom_watch(struct oom *oom, const char *file)
{
	strlcpy(oom->file, file[0] != '\0' ? file : HOST_FILE, sizeof(oom->file));
	atomic_store(&oom->claimed, read_kills(oom->file));
}

bool
oom_claim(struct oom *oom)
{
	int64_t kills = read_kills(oom->file);
	int64_t claimed = atomic_load(&oom->claimed);

	while (claimed < kills)
		if (atomic_compare_exchange_weak(&oom->claimed, &claimed, claimed + 1)) {
			atomic_fetch_add(&oom->deaths, 1);
			return true;
		}
	return false;
}
