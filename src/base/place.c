#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/* As many as the kernel follows: path_resolution(7). */
#define LINKS_MAX 40

/* A path on its way. */
struct walk {
	struct place *place;
	uid_t root; /* who owns "/": seen from a user namespace root may have no number */
	int flags, links;
	size_t given; /* bytes at its end that are of the path itself, of no link */
	char rest[PATH_MAX]; /* what is still to be followed */
};

static int __attribute__((format(printf, 2, 3)))
refuse(struct place *place, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(place->why, sizeof(place->why), fmt, ap);
	va_end(ap);
	return -1;
}

static bool
is_trusted(const struct walk *walk, const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == walk->root || st->st_uid == geteuid();
}

static int
check_folder(const struct walk *walk, const struct stat *st, const char *name)
{
	if (geteuid() != 0 || (walk->flags & PLACE_SHARED) != 0)
		return 0;
	if (!is_trusted(walk, st))
		return refuse(walk->place,
			      "the folder \"%s\" belongs to another user (%u), who could "
			      "have something else written",
			      name, st->st_uid);
	if ((st->st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH)
		return refuse(walk->place,
			      "everybody may rename what is in the folder \"%s\", which "
			      "has no sticky bit",
			      name);
	return 0;
}

/* True where it is plainly the owner's of the folder, who alone could put it there. */
static bool
belongs_to_folder(const struct walk *walk, const struct stat *st)
{
	struct stat folder;

	return (walk->flags & PLACE_SHARED) != 0 &&
	       fstat(walk->place->folder, &folder) == 0 && folder.st_uid == st->st_uid &&
	       (folder.st_mode & S_IWOTH) == 0;
}

static int
check_file(const struct walk *walk, const struct stat *st)
{
	/* Only root makes devices. */
	if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
		return 0;
	if (!is_trusted(walk, st) && !belongs_to_folder(walk, st))
		return refuse(walk->place, "it belongs to another user (%u)", st->st_uid);
	if (S_ISREG(st->st_mode) && st->st_nlink > 1)
		return refuse(walk->place, "it has %lu names (hard links)",
			      (unsigned long)st->st_nlink);
	return 0;
}

/* The first part of what is left, or NULL; last: nothing follows but slashes. */
static bool
next_part(struct walk *walk, char *name, size_t size, bool *last)
{
	size_t skip = strspn(walk->rest, "/"), length;
	const char *from = walk->rest + skip, *after;

	length = strcspn(from, "/");
	if (length == 0 || length >= size)
		return false;
	memcpy(name, from, length);
	name[length] = '\0';
	after = from + length;
	*last = after[strspn(after, "/")] == '\0';
	memmove(walk->rest, after, strlen(after) + 1);
	return true;
}

/* From the folder that the walk is in to one in it. */
static int
enter(struct walk *walk, const char *name, int flags)
{
	struct place *place = walk->place;
	struct stat st;
	int fd = openat(place->folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);

	if (fd == -1)
		return refuse(place, "%s: %s", name, strerror(errno));
	if (place->folder != -1)
		close(place->folder);
	place->folder = fd;
	if (fstat(fd, &st) == -1)
		return refuse(place, "%s: %s", name, strerror(errno));
	return check_folder(walk, &st, name);
}

static int
make_folder(struct walk *walk, const char *name)
{
	int folder = walk->place->folder;

	if (mkdirat(folder, name, 0700) == 0 ? fchmodat(folder, name, 0700, 0) == -1
					     : errno != EEXIST)
		return refuse(walk->place, "the folder \"%s\" cannot be made: %s", name,
			      strerror(errno));
	return enter(walk, name, O_NOFOLLOW);
}

/* A link under /proc leads to what its process has open, whatever its text. */
static bool
is_in_proc(int folder)
{
	struct statfs fs;

	return fstatfs(folder, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* Puts where the link leads before what is left. */
static int
follow(struct walk *walk, const char *name, const struct stat *st)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t length = readlinkat(walk->place->folder, name, target, sizeof(target));

	if (!is_trusted(walk, st))
		return refuse(walk->place,
			      "the symbolic link \"%s\" belongs to another user "
			      "(%u)",
			      name, st->st_uid);
	if (length < 0 || length == sizeof(target) || ++walk->links > LINKS_MAX)
		return refuse(walk->place, "%s: %s", name, strerror(ELOOP));
	target[length] = '\0';
	if (walk->given > strlen(walk->rest))
		walk->given = strlen(walk->rest);
	if (snprintf(rest, sizeof(rest), "%s/%s", target, walk->rest) >=
	    (int)sizeof(rest))
		return refuse(walk->place, "%s: %s", name, strerror(ENAMETOOLONG));
	strlcpy(walk->rest, rest, sizeof(walk->rest));
	return target[0] == '/' ? enter(walk, "/", 0) : 0;
}

/* 1 once it is found, 0: goes on, -1. */
static int
step(struct walk *walk)
{
	struct place *place = walk->place;
	bool last, is_link, in_proc;

	if (!next_part(walk, place->name, sizeof(place->name), &last))
		return refuse(place, "%s",
			      strerror(walk->rest[strspn(walk->rest, "/")] == '\0'
					   ? EISDIR
					   : ENAMETOOLONG));
	place->exists =
	    fstatat(place->folder, place->name, &place->st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!place->exists && errno == ENOENT && last)
		return 1;
	if (!place->exists && errno == ENOENT && (walk->flags & PLACE_MAKE) != 0 &&
	    strlen(walk->rest) < walk->given)
		return make_folder(walk, place->name);
	if (!place->exists)
		return refuse(place, "%s: %s", place->name, strerror(errno));
	is_link = S_ISLNK(place->st.st_mode);
	in_proc = is_link && is_in_proc(place->folder);
	if (is_link && last && (walk->flags & PLACE_PLAIN) != 0)
		return refuse(place, "it is a symbolic link");
	if (is_link && !in_proc)
		return follow(walk, place->name, &place->st);
	if (!last || S_ISDIR(place->st.st_mode))
		return enter(walk, place->name, in_proc ? 0 : O_NOFOLLOW);
	place->is_open = in_proc;
	if (in_proc)
		return fstatat(place->folder, place->name, &place->st, 0) == 0
			   ? 1
			   : refuse(place, "%s: %s", place->name, strerror(errno));
	return check_file(walk, &place->st) == 0 ? 1 : -1;
}

/* The path from "/" on. */
static int
begin(struct walk *walk, const char *path)
{
	char folder[PATH_MAX] = "";
	struct stat st;
	int length;

	if (path[0] == '\0')
		return refuse(walk->place, "%s", strerror(ENOENT));
	if (path[0] != '/' && getcwd(folder, sizeof(folder)) == NULL)
		return refuse(walk->place, "%s", strerror(errno));
	length = snprintf(walk->rest, sizeof(walk->rest), "%s/%s", folder, path);
	if (length >= (int)sizeof(walk->rest))
		return refuse(walk->place, "%s", strerror(ENAMETOOLONG));
	if (stat("/", &st) == 0)
		walk->root = st.st_uid;
	return enter(walk, "/", 0);
}

int
place_find(struct place *place, const char *path, int flags)
{
	struct walk walk = { .place = place, .flags = flags, .given = PATH_MAX };
	int found;

	*place = (struct place){ .folder = -1 };
	found = begin(&walk, path);
	while (found == 0)
		found = step(&walk);
	if (found == 1)
		return 0;
	place_close(place);
	return -1;
}

void
place_close(struct place *place)
{
	if (place->folder != -1)
		close(place->folder);
	place->folder = -1;
}

int
place_check_beside(struct place *place, const char *suffix)
{
	char name[NAME_MAX + 1];
	struct stat st;

	if (snprintf(name, sizeof(name), "%s%s", place->name, suffix) >=
	    (int)sizeof(name))
		return refuse(place, "%s", strerror(ENAMETOOLONG));
	if (fstatat(place->folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	if (!S_ISREG(st.st_mode))
		return refuse(place, "%s is in the way, which is no file", name);
	if (st.st_uid != geteuid() && !(place->exists && st.st_uid == place->st.st_uid))
		return refuse(place, "%s belongs to another user (%u)", name, st.st_uid);
	if (st.st_nlink > 1)
		return refuse(place, "%s has %lu names (hard links)", name,
			      (unsigned long)st.st_nlink);
	return 0;
}

int
place_make(const struct place *place, const char *name)
{
	int fd = openat(place->folder, name,
			O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600);

	if (fd != -1)
		(void)fchmod(fd, 0600);
	return fd;
}
