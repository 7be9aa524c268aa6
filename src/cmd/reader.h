/*
 * Commands that read a store which somebody else may have made.
 */
#ifndef BRINK_CMD_READER_H
#define BRINK_CMD_READER_H

#include "plan/option.h"

/*
 * Confines this process to what such a command needs, before it opens a store, so that a
 * file which makes it do what it should not does little harm: see base/sandbox.h. given is
 * the table's parsed struct; its "db" becomes the usual store where it was not given.
 *
 * Written is only beneath the folder of the store, that of "output" where there is one, and
 * SQLITE_TMPDIR: what is too large for SQLite to sort in memory goes there, and it becomes
 * the folder of the store where it names none. Where the kernel cannot confine, the command
 * goes on without. Without memory it ends the program.
 */
void reader_confine(const struct option_table *table, void *given);

#endif
