#include "run/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "base/procfile.h"

#define CHECK_TIMEOUT_US US_PER_S

/* Of the output, what is quoted. */
#define TAIL_BYTES 2048
#define TAIL_LINES 5

static bool
is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* As execvp(3) finds it. */
static bool
can_execute(const char *command)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	if (strchr(command, '/') != NULL)
		return is_executable(command);
	while (path != NULL && *path != '\0') {
		size_t length = strcspn(path, ":");

		snprintf(file, sizeof(file), "%.*s%s%s", (int)length, path,
			 length > 0 ? "/" : "", command);
		if (is_executable(file))
			return true;
		path += length;
		path += *path == ':';
	}
	return false;
}

static int
check_command(const struct plan *plan, FILE *err)
{
	struct endpoint endpoint = plan_endpoint(plan);

	if (!can_execute(plan->command[0])) {
		fprintf(err,
			"brink run: -- %s: no such command, or it may not be "
			"executed\n",
			plan->command[0]);
		return -1;
	}
	if (endpoint_try(&endpoint, CHECK_TIMEOUT_US) == -1)
		return 0;
	fprintf(err,
		"brink run: --target %s: somebody listens there already; give another "
		"address, or leave the command out to take what is there\n",
		plan->target);
	return -1;
}

int
target_check(const struct plan *plan, FILE *err)
{
	struct endpoint endpoint = plan_endpoint(plan);

	if (!plan_is_external(plan))
		return 0;
	if (plan->command != NULL)
		return check_command(plan, err);
	if (endpoint_try(&endpoint, CHECK_TIMEOUT_US) == 0)
		return 0;
	fprintf(err, "brink run: --target %s: no connection can be made: %s\n",
		plan->target, strerror(errno));
	return -1;
}

int
target_open_output(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
}

int
target_main(const struct worker_context *context)
{
	const struct target_job *job = context->extra;
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);

	setsid();
	atomic_store(&context->ledger->target_group, getpid());
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	if (dup2(nothing, STDIN_FILENO) == -1 || dup2(job->output, STDOUT_FILENO) == -1 ||
	    dup2(job->output, STDERR_FILENO) == -1)
		fatal("the target's output cannot be kept");
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execvp(context->plan->command[0], context->plan->command);
	fatal("%s", context->plan->command[0]);
}

/* Returns to how many it was sent; 0 as a number only counts them. */
static int
send_signal(struct ledger *ledger, int number)
{
	pid_t group = atomic_load(&ledger->target_group);
	int count = 0;

	count += kill(-group, number) == 0;
	for (int32_t i = 0; i < ledger_process_count(ledger); i++) {
		const struct process *process = &ledger->processes[i];
		pid_t pid = atomic_load(&process->pid);

		if (process->role == ROLE_TARGET && pid > 0 &&
		    atomic_load(&process->end) == END_RUNNING &&
		    procfile_parent(pid) == getpid() && getpgid(pid) != group)
			count += kill(pid, number) == 0;
	}
	return count;
}

void
target_stop(struct ledger *ledger, int64_t patience_us, void (*wait)(void *arg),
	    void *arg)
{
	int64_t kill_us = ledger_now_us(ledger) + patience_us;

	if (atomic_load(&ledger->target_group) <= 0)
		return;
	atomic_store(&ledger->target_stopped, 1);
	send_signal(ledger, SIGTERM);
	/* What a stopped process is sent waits until it goes on. */
	send_signal(ledger, SIGCONT);
	while (ledger_now_us(ledger) < kill_us + TARGET_PATIENCE_US) {
		bool kills = ledger_now_us(ledger) >= kill_us;

		if (send_signal(ledger, kills ? SIGKILL : 0) == 0)
			break;
		wait(arg);
	}
}

/* The last line that ends before end, which is cut off there; NULL: there is none. */
static const char *
take_last_line(char *text, size_t *end)
{
	while (*end > 0 && (text[*end - 1] == '\n' || text[*end - 1] == '\r'))
		(*end)--;
	if (*end == 0)
		return NULL;
	text[*end] = '\0';
	while (*end > 0 && text[*end - 1] != '\n')
		(*end)--;
	return text + *end;
}

void
target_quote_output(int output, struct event_log *event_log)
{
	const char *lines[TAIL_LINES];
	char text[TAIL_BYTES + 1];
	struct stat st;
	off_t from;
	ssize_t got;
	size_t end;
	int count = 0;

	if (output == -1 || fstat(output, &st) == -1)
		return;
	from = st.st_size > TAIL_BYTES ? st.st_size - TAIL_BYTES : 0;
	got = pread(output, text, TAIL_BYTES, from);
	for (end = got > 0 ? (size_t)got : 0; count < TAIL_LINES; count++) {
		lines[count] = take_last_line(text, &end);
		if (lines[count] == NULL)
			break;
	}
	while (count-- > 0) {
		char *escaped = escape_text(lines[count]);

		event_log_add(event_log, EVENT_INFO, "target-output", "target", "%s",
			      escaped);
		free(escaped);
	}
}

char *
target_refusal(struct ledger *ledger)
{
	struct refusal *refusal = &ledger->refusal;
	char words[PROTOCOL_WORDS + 1];

	if (atomic_load_explicit(&refusal->ready, memory_order_acquire) == 0)
		return NULL;
	memcpy(words, refusal->words, refusal->bytes);
	words[refusal->bytes] = '\0';
	for (uint32_t i = 0; i < refusal->bytes; i++)
		if (words[i] == '\0')
			words[i] = ' ';
	return escape_text(words);
}
