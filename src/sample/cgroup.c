#include "sample/cgroup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"
#include "sample/settings.h"

static const char *const hierarchies[CGROUP_HIERARCHIES] = { NULL, "memory", "pids",
							     "cpu" };

/* One side of "v2|v1": a file's name, and the key in it where it has several. */
struct alternative {
	char file[KEYED_KEY], key[KEYED_KEY];
	char controller[16]; /* its version 1 hierarchy: "memory" of memory.stat */
};

static void
alternative_parse(const char *text, int version, struct alternative *side)
{
	if (version == 1)
		text += strcspn(text, "|") + 1;
	size_t length = strcspn(text, "|"), file = strcspn(text, " |");

	/* The first number of the file where it has no keys. */
	strlcpy(side->key, "0", sizeof(side->key));
	snprintf(side->file, sizeof(side->file), "%.*s", (int)file, text);
	snprintf(side->controller, sizeof(side->controller), "%.*s",
		 (int)strcspn(text, "."), text);
	if (file < length)
		snprintf(side->key, sizeof(side->key), "%.*s", (int)(length - file - 1),
			 text + file + 1);
}

/* The file among those that are open already, or opened. */
static struct cgroup_file *
file_of(struct cgroup *cgroup, const struct cgroup_directory *directory, const char *name)
{
	struct cgroup_file *file = cgroup->files;
	char path[CGROUP_PATH];
	int length = snprintf(path, sizeof(path), "%s/%s", directory->path, name);

	if (length < 0 || (size_t)length >= sizeof(path))
		return NULL;
	for (size_t i = 0; i < cgroup->count; i++, file++)
		if (strcmp(file->path, path) == 0)
			return file;
	if (cgroup->count == CGROUP_FILES)
		return NULL;
	file->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (file->fd == -1)
		return NULL;
	strlcpy(file->path, path, sizeof(file->path));
	keyed_init(&file->keyed, 0);
	cgroup->count++;
	return file;
}

/* The directory of a file of version 2 or 1, NULL where there is no such hierarchy. */
static const struct cgroup_directory *
directory_of(const struct cgroup *cgroup, const struct alternative *side, int version)
{
	size_t i = 0;

	while (version == 1 && ++i < CGROUP_HIERARCHIES)
		if (strcmp(hierarchies[i], side->controller) == 0)
			break;
	return i < CGROUP_HIERARCHIES && cgroup->at[i].path[0] != '\0' ? &cgroup->at[i]
								       : NULL;
}

/* A file alone does not tell: a root cgroup has a cpu.stat, but not all of its keys. */
static bool
want_from(struct cgroup *cgroup, const struct resource *resource, int version, char *buf,
	  size_t size)
{
	const struct cgroup_directory *directory;
	struct alternative side;
	struct cgroup_file *file;

	alternative_parse(resource->key, version, &side);
	directory = directory_of(cgroup, &side, version);
	if (directory == NULL)
		return false;
	file = file_of(cgroup, directory, side.file);
	if (file == NULL || procfile_pread(file->fd, buf, size) <= 0 ||
	    !keyed_has(buf, side.key))
		return false;
	keyed_want(&file->keyed, resource, side.key);
	return true;
}

static void
open_files(struct cgroup *cgroup, char *buf, size_t size)
{
	cgroup->count = 0;
	for (size_t i = 0; i < resource_count; i++) {
		if (resources[i].source != SOURCE_CGROUP)
			continue;
		if (!want_from(cgroup, &resources[i], 2, buf, size))
			want_from(cgroup, &resources[i], 1, buf, size);
	}
}

void
cgroup_open(struct cgroup *cgroup, const struct cgroup_map *map, char *buf, size_t size)
{
	memset(cgroup->at, 0, sizeof(cgroup->at));
	for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
		if (!cgroup_find(map, hierarchies[i], &cgroup->at[i]))
			cgroup->at[i].path[0] = '\0';
	open_files(cgroup, buf, size);
}

void
cgroup_close(struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->count; i++)
		close(cgroup->files[i].fd);
	cgroup->count = 0;
}

void
cgroup_read(struct cgroup *cgroup, char *buf, size_t size,
	    const readings_by_kind readings)
{
	size_t count;

	resource_of(SUBJECT_CGROUP, &count);
	for (size_t i = 0; i < count; i++)
		readings[SUBJECT_CGROUP][i] = READING_NONE;
	for (size_t i = 0; i < cgroup->count; i++)
		if (cgroup->files[i].keyed.count > 0)
			keyed_read(&cgroup->files[i].keyed, cgroup->files[i].fd, buf,
				   size, readings);
}

static bool
read_limit(const struct cgroup_directory *directory, const char *file, int64_t *value)
{
	char path[CGROUP_PATH + KEYED_KEY];

	snprintf(path, sizeof(path), "%s/%s", directory->path, file);
	return procfile_read_i64(path, value) == 0 && *value >= 0 &&
	       *value < CGROUP_UNLIMITED;
}

bool
cgroup_limit(const struct cgroup *cgroup, const char *files, int64_t *value, char *source,
	     size_t size)
{
	for (int version = 2; version >= 1; version--) {
		const struct cgroup_directory *directory;
		struct alternative side;

		alternative_parse(files, version, &side);
		directory = directory_of(cgroup, &side, version);
		if (directory == NULL || !read_limit(directory, side.file, value))
			continue;
		strlcpy(source, side.file, size);
		return true;
	}
	return false;
}

/* "20000 100000", or "max 100000" where there is no quota. */
static bool
read_period(const struct cgroup_directory *directory, int64_t *us)
{
	char path[CGROUP_PATH + KEYED_KEY], text[64], *end;

	snprintf(path, sizeof(path), "%s/cpu.max", directory->path);
	if (procfile_read(path, text, sizeof(text)) <= 0 || strtoll(text, &end, 10) <= 0)
		return false;
	*us = strtoll(end, NULL, 10);
	return *us > 0;
}

bool
cgroup_quota_period(const struct cgroup *cgroup, int64_t *us)
{
	struct alternative side;
	const struct cgroup_directory *directory;
	int64_t quota;

	if (cgroup->at[0].path[0] != '\0' && read_period(&cgroup->at[0], us))
		return true;
	alternative_parse("cpu.max|cpu.cfs_period_us", 1, &side);
	directory = directory_of(cgroup, &side, 1);
	return directory != NULL && read_limit(directory, "cpu.cfs_quota_us", &quota) &&
	       read_limit(directory, "cpu.cfs_period_us", us) && *us > 0;
}

void
cgroups_init(struct cgroups *cgroups, struct ledger *ledger)
{
	memset(cgroups, 0, sizeof(*cgroups));
	cgroups->ledger = ledger;
}

void
cgroups_close(struct cgroups *cgroups)
{
	for (size_t i = 0; i < LEDGER_CGROUPS; i++)
		cgroup_close(&cgroups->cgroup[i]);
}

size_t
cgroups_count(const struct cgroups *cgroups)
{
	return (size_t)atomic_load_explicit(&cgroups->ledger->cgroup_count,
					    memory_order_relaxed);
}

/* "cgroup /a/b"; of a long path its end. */
static void
name_write(const struct cgroup_directory *directory, char *name, size_t size)
{
	const char *path = directory->path + directory->root;
	size_t length = strlen(path), room = size - sizeof("cgroup ...");

	if (length <= room)
		snprintf(name, size, "cgroup %s", length > 0 ? path : "/");
	else
		snprintf(name, size, "cgroup ...%s", path + length - room);
}

/* The cgroup of a directory and its name, by its number in the ledger's; NULL where there is
 * no room. The ends of two long paths may be alike. */
static struct cgroup *
cgroup_of(struct cgroups *cgroups, const char *name, size_t hierarchy, const char *path)
{
	struct ledger *ledger = cgroups->ledger;
	size_t count = cgroups_count(cgroups);

	/* The first is the workers' own, which goes by no path. */
	for (size_t i = 1; i < count; i++) {
		struct cgroup *cgroup = &cgroups->cgroup[i];
		const char *known = cgroup->at[hierarchy].path;

		if (strcmp(ledger->cgroups[i], name) == 0 &&
		    (known[0] == '\0' || strcmp(known, path) == 0))
			return cgroup;
	}
	if (count == LEDGER_CGROUPS)
		return NULL;
	strlcpy(ledger->cgroups[count], name, sizeof(ledger->cgroups[count]));
	atomic_store_explicit(&ledger->cgroup_count, (int32_t)count + 1,
			      memory_order_release);
	return &cgroups->cgroup[count];
}

static bool
has_limit(const struct cgroup_directory *directory, bool version_2)
{
	static const char *const files[2][4] = {
		{ "memory.limit_in_bytes", "pids.max", "cpu.cfs_quota_us" },
		{ "memory.max", "pids.max", "cpu.max", "memory.high" },
	};
	int64_t value;

	for (size_t i = 0;
	     i < sizeof(files[0]) / sizeof(files[0][0]) && files[version_2][i] != NULL;
	     i++)
		if (read_limit(directory, files[version_2][i], &value))
			return true;
	return false;
}

/* Reads a directory of a hierarchy too, unless it is read already. */
static void
take(struct cgroups *cgroups, const struct cgroup_directory *at, size_t hierarchy,
     char *buf, size_t size)
{
	char name[sizeof(cgroups->ledger->cgroups[0])];
	struct cgroup *cgroup;

	name_write(at, name, sizeof(name));
	cgroup = cgroup_of(cgroups, name, hierarchy, at->path);
	if (cgroup == NULL || strcmp(cgroup->at[hierarchy].path, at->path) == 0)
		return;
	cgroup_close(cgroup);
	cgroup->at[hierarchy] = *at;
	open_files(cgroup, buf, size);
}

/* Those of one hierarchy that have a limit, from the cgroup of the map up; where it is not
 * the first that was found, that one too: what is refused may be counted there. */
static void
take_limited(struct cgroups *cgroups, const struct cgroup_map *map, size_t hierarchy,
	     bool moved, char *buf, size_t size)
{
	struct cgroup_directory at, own;
	bool is_own = true, limited = false;

	if (!cgroup_find(map, hierarchies[hierarchy], &at))
		return;
	own = at;
	do {
		bool has = (moved || !is_own) && has_limit(&at, hierarchy == 0);

		is_own = false;
		limited |= has;
		if (has)
			take(cgroups, &at, hierarchy, buf, size);
	} while (cgroup_parent(&at));
	if (moved && limited)
		take(cgroups, &own, hierarchy, buf, size);
}

/* Of the workers' own cgroup, which goes by no path. */
static void
record_paths(const struct cgroups *cgroups)
{
	for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
		const struct cgroup_directory *at = &cgroups->cgroup[0].at[i];
		const char *path = at->path + at->root;

		if (at->path[0] != '\0')
			settings_record_cgroup(cgroups->ledger, hierarchies[i],
					       path[0] != '\0' ? path : "/");
	}
}

void
cgroups_take(struct cgroups *cgroups, const struct cgroup_map *map, char *buf,
	     size_t size)
{
	bool moved;

	if (map->cgroups[0] == '\0')
		return;
	if (cgroups->first[0] == '\0') {
		strlcpy(cgroups->first, map->cgroups, sizeof(cgroups->first));
		cgroup_open(&cgroups->cgroup[0], map, buf, size);
		if (cgroups_count(cgroups) == 0)
			atomic_store(&cgroups->ledger->cgroup_count, 1);
	}
	moved = strcmp(cgroups->first, map->cgroups) != 0;
	for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
		take_limited(cgroups, map, i, moved, buf, size);
}

void
cgroups_look(struct cgroups *cgroups, char *buf, size_t size)
{
	struct ledger *ledger = cgroups->ledger;
	int32_t slot = cgroups->first[0] == '\0' ? 0 : cgroups->next % ledger->acceptors;
	int32_t pid = atomic_load_explicit(&ledger_acceptor(ledger, slot)->pid,
					   memory_order_acquire);
	struct cgroup_map map;
	bool is_first;

	cgroups->next = slot + 1;
	if (pid == 0)
		return;
	map = cgroup_map_read(pid, &cgroups->text);
	is_first = cgroups_count(cgroups) == 0;
	cgroups_take(cgroups, &map, buf, size);
	if (is_first && cgroups_count(cgroups) > 0)
		record_paths(cgroups);
}
