/*
 * The machine that a run is on, as the store describes it.
 */
#ifndef BRINK_STORE_HOST_H
#define BRINK_STORE_HOST_H

#include <stdint.h>
#include <sys/types.h>

#include "store/db.h"

/* The id of this machine's row, made where there is none that is equal. -1: db_error(). */
int64_t host_store(struct db *db);

#define BOOT_ID_SIZE 64

/* random(4): another at each boot; "" where it cannot be read. */
void host_boot_id(char boot_id[BOOT_ID_SIZE]);

/* The pid namespace of this process, as the inode of /proc/self/ns/pid: namespaces(7). -1
 * where it cannot be read. */
int64_t host_pid_namespace(void);

/* When a live process began, in clock ticks since the boot (proc(5), stat, field 22): with
 * the boot and the pid it names a process for ever. -1: there is none, or a zombie. */
int64_t host_process_start(pid_t pid);

#endif
