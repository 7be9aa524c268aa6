#include "store/hold.h"

#include <fcntl.h>
#include <unistd.h>

/* The byte of the file that a lock is on: beyond every page that SQLite can have
 * (https://www.sqlite.org/limits.html) and beyond its own locks. */
#define LOCKS_AT (INT64_C(1) << 61)

/* As many ids as a kind may have. */
#define KIND_SIZE (INT64_C(1) << 59)

static struct flock
lock_of(enum hold_kind kind, int64_t id)
{
	return (struct flock){ .l_type = F_WRLCK,
			       .l_whence = SEEK_SET,
			       .l_start =
				   LOCKS_AT + kind * KIND_SIZE + (id & (KIND_SIZE - 1)),
			       .l_len = 1 };
}

/* A lock of the open file description: unlike a process's it does not go when SQLite closes
 * a descriptor of the file, and unlike flock(2) there can be one for each run. */
int
hold_take(struct db *db, enum hold_kind kind, int64_t id, bool *locked)
{
	struct flock lock = lock_of(kind, id);
	int fd = open(db_path(db), O_RDWR | O_CLOEXEC);

	/* Without the lock it must not be closed either, while the store is open. */
	*locked = fd != -1 && fcntl(fd, F_OFD_SETLK, &lock) == 0;
	return fd;
}

bool
hold_is_taken(struct db *db, enum hold_kind kind, int64_t id)
{
	struct flock lock = lock_of(kind, id);
	int fd = db_file(db);

	return fd != -1 && fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
