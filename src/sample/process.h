/*
 * One process, read through files under /proc/PID that are kept open: they stay bound to
 * the process they were opened for, also when its pid is given to another one.
 */
#ifndef BRINK_SAMPLE_PROCESS_H
#define BRINK_SAMPLE_PROCESS_H

#include <sys/types.h>

#include "sample/keyed.h"

/* What is common to all processes that are read. */
struct process_reader {
	struct keyed stat, statm, rollup;
	size_t fds, state; /* positions of their readings */
	bool fds_sized;    /* the kernel gives the number of fds as a size: Linux 6.2 */
	char *buf;         /* for the text of a file */
	size_t size;
};

/* -1: not open. */
struct process_files {
	int stat, statm, rollup, fds;
};

/* buf is borrowed. */
void process_reader_init(struct process_reader *reader, char *buf, size_t size);

/* Opens the files of a process; what cannot be opened stays READING_NONE. False, with
 * nothing open, where not even its stat can be. */
bool process_open(struct process_files *files, pid_t pid);
void process_close(struct process_files *files);

/*
 * Sets all readings of the process. Those that cost more, the private memory and on
 * kernels before 6.2 the number of descriptors, are READING_NONE unless all is set.
 * False, with READING_NONE everywhere, once the process is dead.
 */
bool process_read(struct process_reader *reader, const struct process_files *files,
		  bool all, int64_t *readings);

#endif
