/*
 * The files about the host and the network namespace, kept open.
 */
#ifndef BRINK_SAMPLE_SYSTEM_H
#define BRINK_SAMPLE_SYSTEM_H

#include "sample/keyed.h"

struct system_file {
	int fd;
	size_t size; /* of the buffer to read it with */
	struct keyed keyed;
};

struct system {
	size_t count;
	struct system_file files[SOURCE_COUNT];
};

/*
 * Opens the file of every source that the resource table names for the host and the
 * calling process's network namespace. A file that is not there gives READING_NONE for
 * ever. Close with system_close().
 */
void system_open(struct system *system);
void system_close(struct system *system);

/* Reads each file once; buf should hold PROCFILE_MAX bytes. */
void system_read(struct system *system, char *buf, size_t size,
		 const readings_by_kind readings);

#endif
