#include "plan/config.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "plan/option_parser.h"

struct reading {
	struct option_parser *parser;
	FILE *in;
	int line;
	bool failed;
};

static int
reject_value(const struct option_parser *p, const struct option_spec *spec)
{
	fprintf(p->err,
		"brink %s: %s:%d: %s: the value is empty; give %s = ", p->table->command,
		p->file, p->line, spec->name, spec->name);
	option_arg_write(spec, p->err);
	fputs(spec->type == OPTION_FLAG ? "yes or no\n" : "\n", p->err);
	return OPTION_ERROR;
}

static int
take(struct option_parser *p, const char *section, const char *name, const char *value)
{
	const struct option_spec *spec = option_find(p->table, name, strlen(name));

	const char *allowed = p->table->section ? p->table->section : p->table->command;

	if (section[0] != '\0' && strcmp(section, allowed) != 0)
		return option_reject(p, "[%s]: no such section; allowed is [%s], or none",
				     section, allowed);
	if (!spec)
		return option_reject_unknown(p, name, strlen(name));
	if (spec->type == OPTION_CONFIG)
		return option_reject(p, "%s: a file cannot name another", name);
	if (value[0] == '\0')
		return reject_value(p, spec);
	return option_give(p, spec, value);
}

/* libinih's handler: 0 on an error. After the first, what follows is not looked at. */
static int
handle(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;

	if (reading->failed)
		return 0;
	reading->parser->line = reading->line;
	reading->failed = take(reading->parser, section, name, value) != 0;
	return !reading->failed;
}

/* True where all of a line is in buf, or it was the last. */
static bool
is_whole(const char *buf, FILE *in)
{
	int next;

	if (strchr(buf, '\n'))
		return true;
	next = getc(in);
	return next == EOF || ungetc(next, in) == EOF;
}

/* Ends the line at a "#" that follows a blank, as libinih itself does at a ";". */
static void
comment_cut(char *line)
{
	for (char *c = strchr(line, '#'); c != NULL; c = strchr(c + 1, '#')) {
		if (c > line && (c[-1] == ' ' || c[-1] == '\t')) {
			*c = '\0';
			return;
		}
	}
}

/* libinih's reader, as fgets(3). It keeps count of the lines, takes away the blanks before
 * a name, which would make its line go on the one before, and refuses lines that do not
 * fit. */
static char *
read_line(char *buf, int size, void *stream)
{
	struct reading *reading = stream;
	char *start;

	if (reading->failed || !fgets(buf, size, reading->in))
		return NULL;
	reading->line++;
	reading->parser->line = reading->line;
	if (!is_whole(buf, reading->in)) {
		option_reject(reading->parser,
			      "the line is longer than %d bytes, or has a NUL in it",
			      size - 2);
		reading->failed = true;
		return NULL;
	}
	comment_cut(buf);
	start = buf + strspn(buf, " \t\v\f\r");
	return memmove(buf, start, strlen(start) + 1);
}

int
config_read_stream(struct option_parser *p, FILE *in, const char *path)
{
	struct reading reading = { .parser = p, .in = in };
	int wrong;

	p->layer = LAYER_FILE;
	p->file = path;
	wrong = ini_parse_stream(read_line, &reading, handle, &reading);
	if (wrong != 0 && !reading.failed) {
		p->line = wrong;
		option_reject(p, "not \"name = value\"");
	}
	p->file = NULL;
	if (wrong == 0 && !reading.failed && ferror(in))
		wrong = option_reject(p, "--config %s: %s", path, strerror(errno));
	return wrong != 0 || reading.failed ? OPTION_ERROR : 0;
}

int
config_read(struct option_parser *p, const char *path)
{
	FILE *in = fopen(path, "re");
	int result;

	if (!in)
		return option_reject(p, "--config %s: %s", path, strerror(errno));
	result = config_read_stream(p, in, path);
	fclose(in);
	return result;
}
