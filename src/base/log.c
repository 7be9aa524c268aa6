#include "base/log.h"
#include "base/escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A line longer than this is cut. */
#define LINE_SIZE 1024

static struct {
	char title[32];
	const char *prefix;
	bool quiet;
} state = { .title = "brink", .prefix = "" };

void
log_set_title(const char *title)
{
	strlcpy(state.title, title, sizeof(state.title));
}

void
log_set_quiet(bool quiet)
{
	state.quiet = quiet;
}

void
log_set_prefix(const char *prefix)
{
	state.prefix = prefix;
}

/* Appends to line, where used bytes stand already; returns the new number. */
static size_t __attribute__((format(printf, 3, 0)))
line_append(char *line, size_t used, const char *fmt, va_list ap)
{
	int length = vsnprintf(line + used, LINE_SIZE - used, fmt, ap);

	if (length < 0)
		return used;
	if ((size_t)length >= LINE_SIZE - used)
		return LINE_SIZE - 1;
	return used + (size_t)length;
}

static size_t __attribute__((format(printf, 3, 4)))
line_add(char *line, size_t used, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	used = line_append(line, used, fmt, ap);
	va_end(ap);
	return used;
}

/* error 0 leaves out the reason. */
static void __attribute__((format(printf, 2, 0)))
line_write(int error, const char *fmt, va_list ap)
{
	int saved = errno;
	char line[LINE_SIZE];
	size_t used = line_add(line, 0, "%s%s: ", state.prefix, state.title);

	used = line_append(line, used, fmt, ap);
	if (error != 0) {
		errno = error;
		/* %m and not strerror(), which allocates for an unknown number */
		used = line_add(line, used, ": %m");
	}
	escape_cut(line + strlen(state.prefix));
	line[used++] = '\n';
	while (write(STDERR_FILENO, line, used) == -1 && errno == EINTR)
		;
	errno = saved;
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	if (state.quiet)
		return;
	va_start(ap, fmt);
	line_write(0, fmt, ap);
	va_end(ap);
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_write(errno, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_write(0, fmt, ap);
	va_end(ap);
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_write(errno, fmt, ap);
	va_end(ap);
	_exit(1);
}

void
fatalx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line_write(0, fmt, ap);
	va_end(ap);
	_exit(1);
}
