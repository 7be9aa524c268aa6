#include "sample/cgroup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"

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

/* A file alone does not tell: a root cgroup has a cpu.stat, but not all of its keys. */
static bool
want_from(struct cgroup *cgroup, const struct cgroup_map *map,
	  const struct resource *resource, int version, char *buf, size_t size)
{
	struct cgroup_directory directory;
	struct alternative side;
	struct cgroup_file *file;

	alternative_parse(resource->key, version, &side);
	if (!cgroup_find(map, version == 2 ? NULL : side.controller, &directory))
		return false;
	file = file_of(cgroup, &directory, side.file);
	if (file == NULL || procfile_pread(file->fd, buf, size) <= 0 ||
	    !keyed_has(buf, side.key))
		return false;
	keyed_want(&file->keyed, resource, side.key);
	return true;
}

void
cgroup_open(struct cgroup *cgroup, const struct cgroup_map *map, char *buf, size_t size)
{
	cgroup->count = 0;
	for (size_t i = 0; i < resource_count; i++) {
		if (resources[i].source != SOURCE_CGROUP)
			continue;
		if (!want_from(cgroup, map, &resources[i], 2, buf, size))
			want_from(cgroup, map, &resources[i], 1, buf, size);
	}
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

/* Lowers *value to the limit of the file, if that is one. */
static bool
tighten(const struct cgroup_directory *directory, const char *name, int64_t *value)
{
	char path[CGROUP_PATH + KEYED_KEY];
	int64_t found;

	snprintf(path, sizeof(path), "%s/%s", directory->path, name);
	if (procfile_read_i64(path, &found) == -1 || found < 0 || found >= *value)
		return false;
	*value = found;
	return true;
}

bool
cgroup_limit(const struct cgroup_map *map, const char *files, int64_t *value,
	     char *source, size_t size)
{
	*value = CGROUP_UNLIMITED;
	for (int version = 2; version >= 1; version--) {
		struct cgroup_directory at;
		struct alternative side;

		alternative_parse(files, version, &side);
		if (!cgroup_find(map, version == 2 ? NULL : side.controller, &at))
			continue;
		bool own = true;
		do {
			if (tighten(&at, side.file, value)) {
				const char *of = own ? "" : " of ";
				const char *path = own ? "" : at.path + at.root;

				snprintf(source, size, "%s%s%s", side.file, of, path);
			}
			own = false;
		} while (cgroup_parent(&at));
	}
	return *value < CGROUP_UNLIMITED;
}
