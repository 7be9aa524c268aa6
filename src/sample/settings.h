/*
 * Settings of the host, the namespace and this process that explain a run: sysctls,
 * resource limits and the like.
 */
#ifndef BRINK_SAMPLE_SETTINGS_H
#define BRINK_SAMPLE_SETTINGS_H

#include <sys/types.h>

#include "run/ledger.h"

/* The text of a sysctl by its dotted name: words parted by single blanks, no newline.
 * Returns its length, or -1 with errno. */
ssize_t settings_sysctl(const char *name, char *buf, size_t size);

/* Pushes a RECORD_SETTING for everything that can be read. */
void settings_record(struct ledger *ledger);

#endif
