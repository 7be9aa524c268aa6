#include "cmd/output.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"

/* mkostemp(3) makes a private file: give it the mode that open(2) would have. */
static void
set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
}

static FILE *
open_temporary(struct output *output, bool private)
{
	FILE *stream;
	int fd;

	if (asprintf(&output->temporary, "%s.XXXXXX", output->path) == -1)
		fatal("cannot hold the name of a file");
	fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd == -1)
		return NULL;
	if (!private)
		set_mode(fd);
	stream = fdopen(fd, "w");
	if (stream == NULL) {
		close(fd);
		(void)unlink(output->temporary);
	}
	return stream;
}

/* By whatever name: "/dev/stdout" is a file where a shell sends it there, and a file that
 * is made beside it must not take its place. */
static bool
is_standard(const struct stat *st)
{
	struct stat own;

	return fstat(STDOUT_FILENO, &own) == 0 && own.st_dev == st->st_dev &&
	       own.st_ino == st->st_ino;
}

/* Behind what is there already, as all that is written to standard output. */
static FILE *
open_standard(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	FILE *stream = fd != -1 ? fdopen(fd, "w") : NULL;

	if (stream == NULL && fd != -1)
		close(fd);
	return stream;
}

static int
begin(struct output *output, const char *path, bool private)
{
	struct stat st;

	*output = (struct output){ .stream = stdout, .path = path };
	if (path == NULL)
		return 0;
	if (stat(path, &st) == -1)
		output->stream = open_temporary(output, private);
	else if (is_standard(&st))
		output->stream = open_standard();
	else if (!S_ISREG(st.st_mode))
		output->stream = fopen(path, "we");
	else
		output->stream = open_temporary(output, private);
	if (output->stream != NULL)
		return 0;
	log_warn("%s", path);
	free(output->temporary);
	return -1;
}

int
output_begin(struct output *output, const char *path)
{
	return begin(output, path, false);
}

int
output_begin_private(struct output *output, const char *path)
{
	return begin(output, path, true);
}

char *
output_place(const char *path)
{
	char *copy, *place;
	struct stat st;
	bool exists = stat(path, &st) == 0;

	if (exists && is_standard(&st))
		return NULL;
	copy = strdup(path);
	if (copy == NULL)
		fatal("cannot hold the name of a file");
	if (exists && !S_ISREG(st.st_mode))
		return copy;
	place = strdup(dirname(copy));
	free(copy);
	if (place == NULL)
		fatal("cannot hold the name of a folder");
	return place;
}

int
output_end(struct output *output)
{
	bool failed;

	if (output->path == NULL)
		return command_flush();
	failed = ferror(output->stream) != 0;
	failed |= fclose(output->stream) == EOF;
	if (!failed && output->temporary != NULL)
		failed = rename(output->temporary, output->path) == -1;
	if (failed) {
		log_warn("%s", output->path);
		if (output->temporary != NULL)
			(void)unlink(output->temporary);
	}
	free(output->temporary);
	return failed ? EXIT_FAILED : EXIT_DONE;
}

void
output_drop(struct output *output)
{
	if (output->path == NULL)
		return;
	fclose(output->stream);
	if (output->temporary != NULL)
		(void)unlink(output->temporary);
	free(output->temporary);
}
