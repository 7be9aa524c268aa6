#include "sample/target_survey.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"
#include "model/resource.h"

#define FDS_BUFFER 8192

/* As root, or of one's own: the size that stat(2) gives without that right is 0. */
static int64_t
count_fds(pid_t pid)
{
	char path[64], buffer[FDS_BUFFER];
	int64_t count;
	int directory;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory == -1)
		return -1;
	count = procfile_count_fds(directory, buffer, sizeof(buffer));
	close(directory);
	return count;
}

static void
survey_processes(const struct target_watch *watch, struct target_survey *survey)
{
	for (size_t i = 0; i < watch->count; i++) {
		const struct target_process *seen = &watch->processes[i];
		struct survey_process *process = &survey->processes[survey->count++];

		process->pid = seen->pid;
		strlcpy(process->name, watch->ledger->processes[seen->index].name,
			sizeof(process->name));
		process->fds = count_fds(seen->pid);
		if (procfile_rlimit(seen->pid, "Max open files", &process->nofile) == -1)
			process->nofile = -1;
	}
}

int
target_survey(const struct plan *plan, struct target_survey *survey)
{
	struct target_watch *watch = calloc(1, sizeof(*watch));
	struct ledger *ledger = ledger_map(plan);
	int64_t *readings;
	size_t count;
	bool may;

	resource_of(SUBJECT_LISTENER, &count);
	readings = calloc(count, sizeof(*readings));
	may = watch != NULL && readings != NULL && ledger != NULL;
	memset(survey, 0, sizeof(*survey));
	if (may) {
		target_watch_init(watch, ledger);
		target_watch_read(watch, readings);
		target_watch_look(watch, true);
		survey->listeners = watch->listeners.count;
		survey->listens = survey->listeners > 0;
		survey->queue = watch->listeners.queue;
		survey->backlog = watch->listeners.backlog;
		survey_processes(watch, survey);
		target_watch_close(watch);
	}
	free(readings);
	free(watch);
	ledger_unmap(ledger);
	return may ? 0 : -1;
}
