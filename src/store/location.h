/*
 * Where a store may lie: its folder and file, before SQLite sees them.
 */
#ifndef BRINK_STORE_LOCATION_H
#define BRINK_STORE_LOCATION_H

#include <stdbool.h>
#include <stdio.h>

#include "store/db.h"

/*
 * Checks that a store can be opened at path, and for DB_CREATE makes what is missing: the
 * folders (0700) and an empty file (0600 whatever the umask), but not on a network
 * filesystem. To be written, neither it nor what SQLite puts beside it may be where another
 * user has put it, or for DB_CREATE could: see base/place.h. 0, or -1 after one sentence on
 * err.
 */
int location_prepare(const char *path, enum db_mode mode, FILE *err);

/* The name of the network filesystem that the path is on, or NULL where it is on none. */
const char *location_on_network(const char *path);

/* Says on err that the store must not be there. */
void location_refuse_network(const char *path, const char *network, FILE *err);

/* The name of a network filesystem by f_type of statfs(2), or NULL where it is not one. */
const char *location_network(unsigned long magic);

/* True where path + suffix exists and is not empty: "-wal" holds commits of its own. */
bool location_has(const char *path, const char *suffix);

/*
 * Waits for the turn of opening what lies in path's folder for writing, so that a store
 * which one process is making is not looked at half made by another. Returns a descriptor
 * to close(2) when done, or -1 where there is nothing to lock: then SQLite's own locks have
 * to do.
 */
int location_lock(const char *path);

#endif
