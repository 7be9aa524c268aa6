#include "store/location.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/place.h"

/* WAL needs memory shared between all processes that have the file open, and locks that
 * hold: https://www.sqlite.org/wal.html. Numbers from linux/magic.h and statfs(2). */
static const struct {
	unsigned long magic;
	const char *name;
} network_filesystems[] = {
	{ 0x6969, "NFS" },      { 0x517b, "SMB" },       { 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB2" }, { 0x01021997, "9P" },    { 0x00c36400, "Ceph" },
	{ 0x5346414f, "AFS" },  { 0x6b414653, "AFS" },   { 0x73757245, "Coda" },
	{ 0x01161970, "GFS2" }, { 0x7461636f, "OCFS2" }, { 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" }, { 0x564c, "NCP" },
};

const char *
location_network(unsigned long magic)
{
	for (size_t i = 0; i < sizeof(network_filesystems) / sizeof(*network_filesystems);
	     i++)
		if (network_filesystems[i].magic == magic)
			return network_filesystems[i].name;
	return NULL;
}

bool
location_has(const char *path, const char *suffix)
{
	char name[PATH_MAX];
	struct stat st;

	if (snprintf(name, sizeof(name), "%s%s", path, suffix) >= (int)sizeof(name))
		return false;
	return stat(name, &st) == 0 && st.st_size > 0;
}

int
location_lock(const char *path)
{
	char copy[PATH_MAX];
	int fd;

	if (strlcpy(copy, path, sizeof(copy)) >= sizeof(copy))
		return -1;
	/* The folder, since closing a second descriptor of the file itself would drop the
	 * locks that SQLite has on it: fcntl(2). */
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

const char *
location_on_network(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0
		   ? location_network((unsigned long)fs.f_type & 0xffffffffUL)
		   : NULL;
}

void
location_refuse_network(const char *path, const char *network, FILE *err)
{
	fprintf(
	    err,
	    "brink: %s is on a network filesystem (%s), where SQLite's locks and "
	    "shared memory do not hold: choose a local file with --db or BRINK_DB, or "
	    "let \"brink run --force\" use it all the same\n",
	    path, network);
}

/* What SQLite puts beside it must be as safe. */
static int
check_beside(struct place *place)
{
	static const char *const suffixes[] = { "-wal", "-shm", "-journal" };
	int rc = 0;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]) && rc == 0; i++)
		rc = place_check_beside(place, suffixes[i]);
	return rc;
}

/* Where it may be written: 0, or -1 after one sentence. */
static int
find_place(struct place *place, const char *path, enum db_mode mode, FILE *err)
{
	static const int flags[] = {
		[DB_WRITE] = PLACE_SHARED,
		[DB_CREATE] = PLACE_MAKE,
		[DB_CREATE_ANYWHERE] = PLACE_MAKE | PLACE_SHARED,
	};

	if (place_find(place, path, flags[mode]) == 0) {
		if (check_beside(place) == 0)
			return 0;
		place_close(place);
	}
	fprintf(err, "brink: %s cannot be used as the database: %s\n", path, place->why);
	return -1;
}

/* Another process may make the same file at the same time. A file that is already there is
 * never opened here, because closing it would drop the locks of this process's other
 * connections to it (fcntl(2)). */
static int
make_file(const struct place *place, const char *path, FILE *err)
{
	int fd = place_make(place, place->name);

	if (fd != -1)
		return close(fd);
	if (errno == EEXIST)
		return 0;
	fprintf(err, "brink: the database %s cannot be made: %s\n", path,
		strerror(errno));
	return -1;
}

static int
create(const char *path, enum db_mode mode, FILE *err)
{
	char folder[64];
	struct place place;
	const char *network = NULL;
	int rc = -1;

	if (find_place(&place, path, mode, err) == -1)
		return -1;
	snprintf(folder, sizeof(folder), "/proc/self/fd/%d", place.folder);
	if (mode == DB_CREATE)
		network = location_on_network(folder);
	if (network != NULL)
		location_refuse_network(path, network, err);
	else
		rc = make_file(&place, path, err);
	place_close(&place);
	return rc;
}

static int
check_place(const char *path, enum db_mode mode, FILE *err)
{
	struct place place;

	if (find_place(&place, path, mode, err) == -1)
		return -1;
	place_close(&place);
	return 0;
}

int
location_prepare(const char *path, enum db_mode mode, FILE *err)
{
	struct stat st;

	if (stat(path, &st) == -1) {
		if (errno == ENOENT && mode >= DB_CREATE)
			return create(path, mode, err);
		if (errno == ENOENT)
			fprintf(
			    err,
			    "brink: there is no database %s: \"brink run\" makes it\n",
			    path);
		else
			fprintf(err, "brink: %s cannot be used as the database: %s\n",
				path, strerror(errno));
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		fprintf(err, "brink: %s is not a database: it is not a regular file\n",
			path);
		return -1;
	}
	return mode == DB_READ ? 0 : check_place(path, mode, err);
}

/* The home folder as $HOME says, else as the password database does. */
static const char *
home(void)
{
	const char *path = getenv("HOME");
	const struct passwd *pw;

	if (path != NULL && path[0] == '/')
		return path;
	pw = getpwuid(getuid());
	return pw != NULL ? pw->pw_dir : "/";
}

char *
db_folder(const char *path)
{
	char *file = realpath(path, NULL), *folder;

	if (file == NULL)
		return NULL;
	folder = strdup(dirname(file));
	free(file);
	return folder;
}

char *
db_default_path(void)
{
	const char *db = getenv("BRINK_DB");
	const char *data = getenv("XDG_DATA_HOME");
	char *path;
	int n;

	/* The XDG Base Directory Specification: a relative path there is invalid. */
	if (db != NULL && db[0] != '\0')
		return strdup(db);
	if (data != NULL && data[0] == '/')
		n = asprintf(&path, "%s/brink/brink.db", data);
	else
		n = asprintf(&path, "%s/.local/share/brink/brink.db", home());
	return n == -1 ? NULL : path;
}
