#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/escape.h"
#include "cmd/command.h"

static const struct command commands[] = {
	{ "run", "one run: load a server until something gives way, and say what",
	  command_run },
	{ "sweep", "runs that vary options: where the breaking point and its limit move",
	  command_sweep },
	{ "doctor", "the limits here, what a run would meet first, and how to raise each",
	  command_doctor },
	{ "list", "the runs in the database, a line each", command_list },
	{ "show", "one run in full", command_show },
	{ "query", "questions to all runs: saved queries, or SQL", command_query },
	{ "serve", "the history and live reports, in a browser", command_serve },
	{ "watch", "a live view of a run, from another terminal", command_watch },
	{ "export", "runs as a file of their own: a database, CSV, OpenMetrics",
	  command_export },
	{ "compare", "runs held against each other", command_compare },
	{ "tag", "names and values on a run", command_tag },
	{ "prune", "deletes old runs", command_prune },
	{ "check", "looks the database over, and finishes interrupted runs",
	  command_check },
	{ "report", "the HTML report of a run, of runs compared, or of all",
	  command_report },
	{ "pack", "make the samples of finished runs small", command_pack },
	{ "unpack", "bring packed samples back into their tables", command_unpack },
	{ "analyse", "the findings of a run, made anew from its samples",
	  command_analyse },
	{ "resources", "what is sampled", command_resources },
	{ "limits", "what can be named as a cause", command_limits },
	{ "figures", "what a run comes to: what --expect can ask about",
	  command_figures },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *
name(size_t i)
{
	return commands[i].name;
}

/* What a caller left closed of descriptors 0 to 2 would be given to a file, and written to
 * by mistake. */
static void
open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd == -1) /* in a bare chroot: what neither reads nor writes */
			fd = open("/", O_PATH);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Twice what any command was seen to take. */
#define STACK_BYTES (512UL << 10)

/* A file that may grow no more is a full disk, which is said, and no reason to be killed. A
 * stack that ends too soon would be one: it is raised where that is allowed. */
static void
prepare_limits(void)
{
	struct rlimit stack;

	signal(SIGXFSZ, SIG_IGN);
	if (getrlimit(RLIMIT_STACK, &stack) == -1 || stack.rlim_cur >= STACK_BYTES)
		return;
	stack.rlim_cur = STACK_BYTES;
	if (setrlimit(RLIMIT_STACK, &stack) == 0)
		return;
	fprintf(
	    stderr,
	    "brink: the stack may take %lu KiB at most, but brink needs %lu KiB: raise "
	    "RLIMIT_STACK (ulimit -s 8192)\n",
	    (unsigned long)stack.rlim_max >> 10, STACK_BYTES >> 10);
	_exit(EXIT_USAGE);
}

int
main(int argc, char **argv, char **environment)
{
	const struct command_table table = { commands, COMMANDS, name };

	open_standard();
	/* Nothing here was written to be trusted with more than its caller may do. */
	if (getuid() != geteuid() || getgid() != getegid()) {
		fputs("brink: it is set-user-ID or set-group-ID, which it must not be; "
		      "chmod ug-s it\n",
		      stderr);
		_exit(EXIT_USAGE);
	}
	prepare_limits();
	/* Paths and names in what is said may be anybody's. */
	stderr = escape_stream(STDERR_FILENO);
	if (stderr == NULL)
		_exit(EXIT_FAILED);
	setproctitle_init(argc, argv, environment);
	return command_dispatch(&table, argc, argv);
}
