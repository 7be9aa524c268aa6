/*
 * Where a file is to be written: the folder that its path leads to, once no other user can
 * lead it elsewhere.
 */
#ifndef BRINK_BASE_PLACE_H
#define BRINK_BASE_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct place {
	int folder;              /* O_PATH */
	char name[NAME_MAX + 1]; /* within the folder */
	bool exists;
	bool is_open;             /* a descriptor of a process, under /proc */
	struct stat st;           /* of what has the name, where it exists */
	char why[PATH_MAX + 128]; /* why not: the rest of a sentence after the path */
};

enum place_flag {
	/* Make the folders that are missing, 0700 whatever the umask, but none that only a
	 * symbolic link names. */
	PLACE_MAKE = 1,
	PLACE_SHARED = 2, /* folders of other users are no reason against it */
	PLACE_PLAIN =
	    4, /* the file itself must not be a symbolic link, whoever made it */
};

/*
 * Follows a path to the file that it names, and refuses what another user could have put
 * there to have something else written: a symbolic link of theirs, and as the file one of
 * theirs or one with several names (hard links). For root, whose files they gain most by,
 * without PLACE_SHARED also a folder on the way that is theirs or where everybody may
 * rename (no sticky bit); with it a file may belong to the owner of its folder. Root and
 * this user are trusted. Links that are followed are followed to their end, so that
 * place->name is none.
 *
 * 0, and place_close() ends its use. -1 after place->why: it leads nowhere, or is refused;
 * nothing is to be closed.
 */
int place_find(struct place *place, const char *path, int flags);
void place_close(struct place *place);

/* The same for a file beside it, whose name is place->name and the suffix, where it is
 * there: it must be a file of whoever the other belongs to. 0, or -1 after place->why. */
int place_check_beside(struct place *place, const char *suffix);

/* Makes a new file in the place, for its owner alone whatever the umask, and for writing:
 * nothing that is there is opened. A descriptor, or -1 with errno. */
int place_make(const struct place *place, const char *name);

#endif
