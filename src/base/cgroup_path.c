#include "base/cgroup_path.h"

#include <stdio.h>
#include <string.h>

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

bool
cgroup_list_has(const char *list, const char *end, const char *word)
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
	return controller == NULL ? list == end : cgroup_list_has(list, end, controller);
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
	       cgroup_list_has(options, options + strlen(options), controller);
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

struct cgroup_map
cgroup_map_read(pid_t pid, struct cgroup_text *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	if (procfile_read(path, text->cgroups, sizeof(text->cgroups)) == -1)
		text->cgroups[0] = '\0';
	if (procfile_read("/proc/self/mountinfo", text->mounts, sizeof(text->mounts)) ==
	    -1)
		text->mounts[0] = '\0';
	return (struct cgroup_map){ text->cgroups, text->mounts };
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

bool
cgroup_parent(struct cgroup_directory *directory)
{
	char *slash = strrchr(directory->path + directory->root, '/');

	if (slash == NULL)
		return false;
	*slash = '\0';
	return true;
}
