/*
 * Messages to standard error, and the end of a process that cannot go on.
 *
 * Every function keeps errno, allocates nothing and issues one write(2) a line, so that
 * it works when the process has no memory or descriptor left to give.
 */
#ifndef BRINK_BASE_LOG_H
#define BRINK_BASE_LOG_H

#include <stdbool.h>

/* Name put before each line, "brink" until set: the role and slot of this process. At
 * most 31 bytes are kept. */
void log_set_title(const char *title);

/* Quiet drops log_info(); warnings and fatal errors are always written. */
void log_set_quiet(bool quiet);

/* What is written before each line, "" until set; a terminal's progress line sets
 * "\r\033[K" here so that a message replaces it. The string must outlive its use. */
void log_set_prefix(const char *prefix);

/* "title: text". */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* "title: text: strerror(errno)"; log_warnx() without errno. */
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* As log_warn() and log_warnx(), then _exit(1): never runs atexit handlers, so it is
 * safe in a forked child. */
void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void fatalx(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
