/*
 * An array with an entry for each descriptor of a process, all zero at first. Memory is taken
 * as far as descriptors are used, page by page.
 */
#ifndef BRINK_BASE_FD_TABLE_H
#define BRINK_BASE_FD_TABLE_H

#include <stddef.h>

/* Room for descriptors below capacity, each with an entry of that many bytes. NULL with errno;
 * it lives as long as the process. */
void *fd_table_new(size_t capacity, size_t entry_bytes);

/* Has room for fd from then on, also where there was none: RLIMIT_NOFILE may be raised while a
 * process runs (prlimit(2)). The table, which may have moved, with *capacity as it is then;
 * NULL with errno, and it is as it was. */
void *fd_table_make_room(void *table, size_t *capacity, size_t entry_bytes, int fd);

#endif
