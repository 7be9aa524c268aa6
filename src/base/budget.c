#include "base/budget.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

#define MIB (INT64_C(1) << 20)

/* An honest command takes some 50 ms, and some 50 ms a MiB. */
#define TIME_BASE_US    (1500 * US_PER_MS)
#define TIME_MIB_US     (2 * US_PER_S)
#define SANITIZERS_TAKE 8 /* times as long */

/* How long after it is spent the process is ended: it may not be looking. */
#define GRACE_US      (250 * US_PER_MS)
#define WAIT_GRACE_US US_PER_S

#define MEMORY_BASE   (192 * MIB)
#define MEMORY_TIMES  16 /* the file */
#define SQLITE_SHARE  2  /* of that, a half */

static struct {
	volatile sig_atomic_t spent;
	int64_t time_us;
} state;

static struct timeval
timeval_of(int64_t us)
{
	return (struct timeval){ us / US_PER_S, us % US_PER_S };
}

static void
end_process(const char *sentence, int code)
{
	if (write(STDERR_FILENO, sentence, strlen(sentence)) == -1)
		code = 1;
	_exit(code);
}

/* Comes again after GRACE_US. */
static void
on_processor_time(int signal_number)
{
	(void)signal_number;
	if (state.spent)
		end_process(
		    "brink: given up: the database takes many times longer than one "
		    "of its size may; it is damaged, or made to\n",
		    1);
	state.spent = 1;
}

static void
on_clock(int signal_number)
{
	(void)signal_number;
	end_process("brink: given up for its time: --max-time TIME gives it more\n", 4);
}

static void
arm(int which, int signal_number, void (*handler)(int), int64_t time_us)
{
	const struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
	const struct itimerval timer = { .it_value = timeval_of(time_us),
					 .it_interval = timeval_of(GRACE_US) };

	state.spent = 0;
	sigaction(signal_number, &action, NULL);
	setitimer(which, &timer, NULL);
}

/* Memory that is asked for is refused beyond it, and that is said where it is asked for. */
static void
bound_memory(int64_t file_bytes)
{
	const rlim_t bytes = (rlim_t)(MEMORY_BASE + MEMORY_TIMES * file_bytes);
	struct rlimit limit;

	if (IS_SANITIZED || getrlimit(RLIMIT_DATA, &limit) == -1 ||
	    limit.rlim_cur <= bytes)
		return;
	limit.rlim_cur = bytes;
	setrlimit(RLIMIT_DATA, &limit);
}

void
budget_begin(int64_t file_bytes)
{
	/* A file in /proc or on a device may call itself as long as it likes. */
	file_bytes = file_bytes < 0                 ? 0
		     : file_bytes < INT64_MAX >> 16 ? file_bytes
						    : INT64_MAX >> 16;
	bound_memory(file_bytes);
	state.time_us = TIME_BASE_US + file_bytes / MIB * TIME_MIB_US;
	if (IS_SANITIZED)
		state.time_us *= SANITIZERS_TAKE;
	budget_renew();
}

void
budget_renew(void)
{
	if (state.time_us > 0)
		arm(ITIMER_PROF, SIGPROF, on_processor_time, state.time_us);
}

void
budget_wait(int64_t time_us)
{
	const struct itimerval none = { 0 };

	setitimer(ITIMER_PROF, &none, NULL);
	state.time_us = 0;
	arm(ITIMER_REAL, SIGALRM, on_clock, time_us + WAIT_GRACE_US);
}

bool
budget_is_spent(void)
{
	return state.spent != 0;
}

int64_t
budget_sqlite_bytes(int64_t file_bytes)
{
	return (MEMORY_BASE + MEMORY_TIMES * file_bytes) / SQLITE_SHARE;
}
