#include "store/ballast.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

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

static int
fill(const char *name)
{
	int fd = open(name, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	int error;

	if (fd == -1)
		return errno;
	/* Where the filesystem cannot allocate, the C library writes. */
	error = posix_fallocate(fd, 0, BALLAST_BYTES);
	if (close(fd) == -1 && error == 0)
		error = errno;
	if (error != 0)
		(void)unlink(name);
	return error;
}

int
ballast_take(const char *db_path, int64_t run_id, FILE *err)
{
	char *name = name_of(db_path, run_id), size[UNITS_TEXT_SIZE];
	int error = name != NULL ? fill(name) : ENOMEM;

	free(name);
	if (error == 0)
		return 0;
	errno = error;
	fprintf(err,
		"brink: the disk of %s must have %s to spare, so that a run can be ended "
		"in order when it is full: %m\n",
		db_path, units_format(UNIT_BYTES, BALLAST_BYTES, size));
	return -1;
}

bool
ballast_drop(const char *db_path, int64_t run_id)
{
	char *name = name_of(db_path, run_id);
	bool was_there = name != NULL && unlink(name) == 0;

	free(name);
	return was_there;
}
