#include "store/disk_reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/place.h"
#include "base/units.h"

/* Beside the database, or NULL without memory; the caller frees it. */
static char *
name_of(const char *db_path, int64_t run_id)
{
	char *name;

	return asprintf(&name, "%s-ballast.%lld", db_path, (long long)run_id) == -1
		   ? NULL
		   : name;
}

/* Beside a database whose folder is known to be safe: location_prepare(). One that a dead
 * run left goes; what else has its name is not touched, nor what it leads to. */
static int
make(const char *name, struct place *place)
{
	int fd;

	if (place_find(place, name, PLACE_SHARED | PLACE_PLAIN) == -1)
		return -1;
	if (place->exists && S_ISREG(place->st.st_mode))
		(void)unlinkat(place->folder, place->name, 0);
	fd = place_make(place, place->name);
	if (fd == -1)
		strlcpy(place->why, strerror(errno), sizeof(place->why));
	place_close(place);
	return fd;
}

/* 0 or an error number. Where the filesystem cannot allocate, the C library writes. */
static int
fill(int fd, const char *name)
{
	int error = posix_fallocate(fd, 0, DISK_RESERVE_BYTES);

	if (close(fd) == -1 && error == 0)
		error = errno;
	if (error != 0)
		(void)unlink(name);
	return error;
}

static void
say_no_room(const char *db_path, int error, FILE *err)
{
	char size[UNITS_TEXT_SIZE];

	units_format(UNIT_BYTES, DISK_RESERVE_BYTES, size);
	if (error == EFBIG)
		fprintf(err,
			"brink: a file may not be as large as the %s that must be to "
			"spare beside %s: raise RLIMIT_FSIZE (ulimit -f unlimited)\n",
			size, db_path);
	else
		fprintf(err,
			"brink: the disk of %s must have %s to spare, so that a run can "
			"be ended in order when it is full: %s\n",
			db_path, size, strerror(error));
}

int
disk_reserve_take(const char *db_path, int64_t run_id, FILE *err)
{
	char *name = name_of(db_path, run_id);
	struct place place = { .why = "out of memory" };
	int fd = name != NULL ? make(name, &place) : -1, error = 0;

	if (fd == -1)
		fprintf(err, "brink: the reserve of disk %s cannot be made: %s\n",
			name != NULL ? name : db_path, place.why);
	else if ((error = fill(fd, name)) != 0)
		say_no_room(db_path, error, err);
	free(name);
	return fd == -1 || error != 0 ? -1 : 0;
}

bool
disk_reserve_drop_moved(const char *db_path, const char *now_at, int64_t run_id)
{
	const char *name = strrchr(db_path, '/'), *folder = strrchr(now_at, '/');
	bool was_there = disk_reserve_drop(db_path, run_id);
	char *moved;

	if (was_there || name == NULL || folder == NULL ||
	    asprintf(&moved, "%.*s%s", (int)(folder - now_at), now_at, name) == -1)
		return was_there;
	was_there = disk_reserve_drop(moved, run_id);
	free(moved);
	return was_there;
}

bool
disk_reserve_drop(const char *db_path, int64_t run_id)
{
	char *name = name_of(db_path, run_id);
	bool was_there = name != NULL && unlink(name) == 0;

	free(name);
	return was_there;
}
