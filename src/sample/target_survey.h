/*
 * What can be seen of a target before a run: its listener, its processes, and what each may
 * have open.
 */
#ifndef BRINK_SAMPLE_TARGET_SURVEY_H
#define BRINK_SAMPLE_TARGET_SURVEY_H

#include "sample/target_watch.h"

/* -1: not to be read by this user. */
struct survey_process {
	pid_t pid;
	char name[32]; /* as it calls itself */
	int64_t fds, nofile;
};

struct target_survey {
	bool listens;           /* a listener is seen in this network namespace */
	int64_t queue, backlog; /* of the fullest of them */
	size_t listeners;
	struct survey_process processes[TARGET_PROCESSES];
	size_t count;
};

/* Looks at the target of a plan that is resolved, once. 0, or -1 with errno where there is no
 * memory for it. */
int target_survey(const struct plan *plan, struct target_survey *survey);

#endif
