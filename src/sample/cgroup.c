#include "sample/cgroup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"

/* Version 1 says "unlimited" as the largest number that is whole in pages. */
#define UNLIMITED (INT64_MAX / 4096 * 4096)

/* Copies up to the end character; false where it does not fit. */
static bool
text_copy(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

/* True where word is one of a list parted by commas that ends at end. */
static bool
list_has(const char *list, const char *end, const char *word)
{
	size_t length = strlen(word);

	while (list < end) {
		size_t item = strcspn(list, ",: \n");

		if (item == length && strncmp(list, word, length) == 0)
			return true;
		list += item + 1;
	}
	return false;
}

/* The line of version 2 has no controllers. */
static bool
line_is_for(const char *list, const char *end, const char *controller)
{
	return controller == NULL ? list == end : list_has(list, end, controller);
}

/* The path in the line "ID:controllers:path" of a hierarchy: cgroups(7). */
static bool
find_path(const char *cgroups, const char *controller, char *path, size_t size)
{
	for (const char *line = cgroups; *line != '\0';) {
		const char *next = strchrnul(line, '\n');
		const char *list = line + strcspn(line, ":\n") + 1, *end;

		end = list <= next ? list + strcspn(list, ":\n") : next;
		if (end < next && line_is_for(list, end, controller))
			return text_copy(path, size, end + 1, (size_t)(next - end - 1));
		line = next + (*next == '\n');
	}
	return false;
}

/* Takes the word at *at of a line, blanks and the like in it written as \ooo. */
static bool
mount_word(const char **at, char *word, size_t size)
{
	size_t used = 0;

	for (; **at != ' ' && **at != '\n' && **at != '\0'; ++*at) {
		const char *s = *at;
		char c = *s;

		if (used == size - 1)
			return false;
		if (c == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
		    s[2] <= '7' && s[3] >= '0' && s[3] <= '7') {
			c = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
			*at += 3;
		}
		word[used++] = c;
	}
	word[used] = '\0';
	*at += **at == ' ';
	return true;
}

/* What a line of proc_pid_mountinfo(5) says of a mount. */
struct mount {
	char root[CGROUP_PATH], point[CGROUP_PATH];
	char type[32], options[CGROUP_PATH];
};

static bool
mount_parse(const char *line, struct mount *mount)
{
	char skipped[CGROUP_PATH];

	/* mount id, parent id, device */
	for (int i = 0; i < 3; i++)
		if (!mount_word(&line, skipped, sizeof(skipped)))
			return false;
	if (!mount_word(&line, mount->root, sizeof(mount->root)) ||
	    !mount_word(&line, mount->point, sizeof(mount->point)))
		return false;
	do {
		if (*line == '\n' || *line == '\0' ||
		    !mount_word(&line, skipped, sizeof(skipped)))
			return false;
	} while (strcmp(skipped, "-") != 0);
	return mount_word(&line, mount->type, sizeof(mount->type)) &&
	       mount_word(&line, skipped, sizeof(skipped)) &&
	       mount_word(&line, mount->options, sizeof(mount->options));
}

static bool
mount_holds(const struct mount *mount, const char *controller)
{
	const char *options = mount->options;

	if (controller == NULL)
		return strcmp(mount->type, "cgroup2") == 0;
	return strcmp(mount->type, "cgroup") == 0 &&
	       list_has(options, options + strlen(options), controller);
}

static bool
find_mount(const char *mounts, const char *controller, struct mount *mount)
{
	for (const char *line = mounts; *line != '\0';) {
		if (mount_parse(line, mount) && mount_holds(mount, controller))
			return true;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return false;
}

bool
cgroup_find(const struct cgroup_map *map, const char *controller,
	    struct cgroup_directory *directory)
{
	struct mount mount;
	char path[CGROUP_PATH];
	const char *below = path;
	int length;

	directory->path[0] = '\0';
	if (!find_path(map->cgroups, controller, path, sizeof(path)) ||
	    !find_mount(map->mounts, controller, &mount))
		return false;
	/* A mount may show only a part of the hierarchy, from its root down. */
	size_t root = strlen(mount.root);
	if (root > 1 && strncmp(path, mount.root, root) == 0)
		below += root;
	length = snprintf(directory->path, sizeof(directory->path), "%s%s", mount.point,
			  strcmp(below, "/") == 0 ? "" : below);
	directory->root = strlen(mount.point);
	return length > 0 && (size_t)length < sizeof(directory->path);
}

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
	text_copy(side->file, sizeof(side->file), text, file);
	text_copy(side->controller, sizeof(side->controller), text, strcspn(text, "."));
	if (file < length)
		text_copy(side->key, sizeof(side->key), text + file + 1,
			  length - file - 1);
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
	*value = UNLIMITED;
	for (int version = 2; version >= 1; version--) {
		struct cgroup_directory at;
		struct alternative side;

		alternative_parse(files, version, &side);
		if (!cgroup_find(map, version == 2 ? NULL : side.controller, &at))
			continue;
		for (bool own = true;; own = false) {
			if (tighten(&at, side.file, value)) {
				const char *of = own ? "" : " of ";
				const char *path = own ? "" : at.path + at.root;

				snprintf(source, size, "%s%s%s", side.file, of, path);
			}
			char *parent = strrchr(at.path + at.root, '/');
			if (parent == NULL)
				break;
			*parent = '\0';
		}
	}
	return *value < UNLIMITED;
}
