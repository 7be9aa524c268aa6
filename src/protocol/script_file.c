#include "protocol/script_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "protocol/script.h"

#define LINE_MAX_BYTES 8192
#define TEXTS_MAX      65536
/* What is looked for in the beginning of an answer is shorter than that. */
#define ANSWER_MAX 200
/* "{n}" in a message is a number of up to so many digits. */
#define NUMBER_PLACE  "{n}"
#define NUMBER_DIGITS 10

#define BLANKS        " \t\r\n"
#define EVERY_MIN_US  INT64_C(100000)

/* A protocol, with all that it is told by: one piece of memory. */
struct script_protocol {
	struct protocol protocol;
	struct script script;
	size_t texts_used;
	char texts[TEXTS_MAX];
};

struct reading {
	const char *path;
	int line;
	FILE *why;
	struct script_protocol *into;
	int64_t every_us;
};

static int reject(const struct reading *reading, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static int
reject(const struct reading *reading, const char *fmt, ...)
{
	char sentence[512], *safe;
	va_list args;

	va_start(args, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, args);
	va_end(args);
	safe = escape_text(sentence);
	fprintf(reading->why, "%s:%d: %s", reading->path, reading->line, safe);
	free(safe);
	return -1;
}

/* A letter behind a backslash, and the byte that it stands for. */
static const char escapes[][2] = {
	{ 'n', '\n' }, { 'r', '\r' }, { 't', '\t' },   { 'a', '\a' },  { 'b', '\b' },
	{ 'f', '\f' }, { 'v', '\v' }, { 'e', '\x1b' }, { '\\', '\\' }, { '"', '"' },
};

/* Two hexadecimal digits. */
static int
read_hex(const struct reading *reading, const char **at, char *byte)
{
	char digits[3] = { 0 }, *end;

	memcpy(digits, *at, strnlen(*at, 2));
	*byte = (char)strtoul(digits, &end, 16);
	if (strspn(digits, "0123456789abcdefABCDEF") != 2)
		return reject(reading, "\\x%s: give two hexadecimal digits, as in \\x1b",
			      digits);
	*at += 2;
	return 0;
}

/* One to three octal digits. */
static char
read_octal(const char **at)
{
	unsigned int value = 0;

	for (int i = 0; i < 3 && **at >= '0' && **at <= '7'; i++)
		value = value << 3 | (unsigned int)(*(*at)++ - '0');
	return (char)value;
}

/* What follows a backslash. */
static int
read_escape(const struct reading *reading, const char **at, char *byte)
{
	char letter = **at;

	if (letter >= '0' && letter <= '7') {
		*byte = read_octal(at);
		return 0;
	}
	if (letter != '\0')
		++*at;
	if (letter == 'x')
		return read_hex(reading, at, byte);
	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (letter == escapes[i][0]) {
			*byte = escapes[i][1];
			return 0;
		}
	return reject(reading,
		      "\\%.1s is no escape; there are \\n, \\r, \\t, \\a, \\b, \\f, \\v, "
		      "\\e, \\xHH, \\OOO, \\\\ and \\\"",
		      letter != '\0' ? *at - 1 : "");
}

/* Keeps bytes behind what is kept of the file so far. */
static int
keep(const struct reading *reading, struct script_text *text, const char *bytes,
     size_t length)
{
	struct script_protocol *into = reading->into;
	char *to = into->texts + into->texts_used;

	if (length > TEXTS_MAX - into->texts_used)
		return reject(reading, "all texts together are longer than %d bytes",
			      TEXTS_MAX);
	if (length > 0)
		memcpy(to, bytes, length);
	into->texts_used += length;
	*text = (struct script_text){ .bytes = to, .length = length };
	return 0;
}

/* The text between double quotes at *at, which is all that the line still has. */
static int
read_text(const struct reading *reading, const char *word, const char *at,
	  struct script_text *text)
{
	char bytes[LINE_MAX_BYTES];
	size_t length = 0;

	at += strspn(at, BLANKS);
	if (*at++ != '"')
		return reject(reading,
			      "%s: give a text in double quotes, as in %s \"OK\"", word,
			      word);
	while (*at != '"') {
		char byte = *at++;

		if (byte == '\0' || byte == '\n')
			return reject(reading, "%s: the text has no closing quote", word);
		if (byte == '\\' && read_escape(reading, &at, &byte) == -1)
			return -1;
		bytes[length++] = byte;
	}
	at++;
	at += strspn(at, BLANKS);
	if (*at != '\0' && *at != '#')
		return reject(reading, "%s: nothing may follow the text", word);
	return keep(reading, text, bytes, length);
}

/* The most that the message may come to. */
static size_t
longest(const struct script_text *text)
{
	size_t length = text->length;
	const char *at = text->bytes;

	while ((at = memmem(at, text->length - (size_t)(at - text->bytes), NUMBER_PLACE,
			    strlen(NUMBER_PLACE))) != NULL) {
		length += NUMBER_DIGITS;
		at += strlen(NUMBER_PLACE);
	}
	return length;
}

/* Sets the text of what is sent, or adds to it: both are kept anew, one behind the other. */
static int
add_send(const struct reading *reading, const char *word, struct script_text *send,
	 const struct script_text *text)
{
	struct script_text more;

	if (send->length == 0)
		*send = *text;
	else if (keep(reading, send, send->bytes, send->length) == -1 ||
		 keep(reading, &more, text->bytes, text->length) == -1)
		return -1;
	else
		send->length += more.length;
	if (longest(send) > PROTOCOL_MESSAGE_MAX)
		return reject(reading, "%s: the message is longer than %d bytes", word,
			      PROTOCOL_MESSAGE_MAX);
	return 0;
}

/* The step that is being told. */
static struct script_step *
last_step(struct script *script)
{
	return &script->steps[script->count - 1];
}

static int
take_send(struct reading *reading, const char *at)
{
	struct script *script = &reading->into->script;
	struct script_text text;

	if (read_text(reading, "send", at, &text) == -1)
		return -1;
	if (script->count == 0 || last_step(script)->expects > 0) {
		if (script->count == SCRIPT_STEPS)
			return reject(reading, "send: there may be %d messages at most",
				      SCRIPT_STEPS);
		script->count++;
	}
	return add_send(reading, "send", &last_step(script)->send, &text);
}

/* Adds a text that an answer may begin with. */
static int
take_choice(const struct reading *reading, const char *word, const char *at,
	    struct script_text *choices, size_t *count)
{
	struct script_text text;

	if (read_text(reading, word, at, &text) == -1)
		return -1;
	if (text.length == 0 || text.length > ANSWER_MAX)
		return reject(reading, "%s: give a text of 1 to %d bytes", word,
			      ANSWER_MAX);
	if (*count == SCRIPT_CHOICES)
		return reject(reading, "%s: there may be %d of them at most", word,
			      SCRIPT_CHOICES);
	choices[(*count)++] = text;
	return 0;
}

/* Without a message before it, it is a greeting that is expected. */
static int
take_expect(struct reading *reading, const char *at)
{
	struct script *script = &reading->into->script;

	if (script->count == 0)
		script->count = 1;
	return take_choice(reading, "expect", at, last_step(script)->expect,
			   &last_step(script)->expects);
}

static int
take_refuse(struct reading *reading, const char *at)
{
	struct script *script = &reading->into->script;

	return take_choice(reading, "refuse", at, script->refuse, &script->refuses);
}

/* every TIME send "TEXT" */
static int
take_every(struct reading *reading, const char *at)
{
	struct script *script = &reading->into->script;
	struct script_text text;
	char time[UNITS_TEXT_SIZE], word[8] = "";
	const char *why;
	int used = 0;

	if (sscanf(at, "%47s %7s%n", time, word, &used) != 2 || strcmp(word, "send") != 0)
		return reject(reading, "every: give a time and what is sent, as in every "
				       "30s send \"PING\\r\\n\"");
	why = units_parse(UNIT_US, time, &reading->every_us);
	if (why != NULL)
		return reject(reading, "every %s: give %s", time, why);
	if (reading->every_us < EVERY_MIN_US)
		return reject(reading, "every %s: give 100ms or more", time);
	if (read_text(reading, "every", at + used, &text) == -1)
		return -1;
	return add_send(reading, "every", &script->again.send, &text);
}

static const struct {
	const char *word;
	int (*take)(struct reading *reading, const char *at);
} directives[] = {
	{ "send", take_send },
	{ "expect", take_expect },
	{ "refuse", take_refuse },
	{ "every", take_every },
};

static int
take_line(struct reading *reading, const char *line)
{
	size_t length;

	line += strspn(line, BLANKS);
	length = strcspn(line, BLANKS "\"");
	if (*line == '\0' || *line == '#')
		return 0;
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (strlen(directives[i].word) == length &&
		    strncmp(line, directives[i].word, length) == 0)
			return directives[i].take(reading, line + length);
	return reject(reading,
		      "\"%.*s\": a line begins with send, expect, refuse, every or #",
		      (int)(length < 40 ? length : 40), line);
}

static int
read_lines(struct reading *reading, FILE *in)
{
	char line[LINE_MAX_BYTES];

	while (fgets(line, sizeof(line), in) != NULL) {
		size_t length = strlen(line);

		reading->line++;
		if (length > 0 && line[length - 1] != '\n' && !feof(in))
			return reject(
			    reading,
			    "the line is longer than %d bytes, or has a NUL in it",
			    LINE_MAX_BYTES - 2);
		if (take_line(reading, line) == -1)
			return -1;
	}
	if (ferror(in)) {
		fprintf(reading->why, "%s: %s", reading->path, strerror(errno));
		return -1;
	}
	if (reading->into->script.count == 0) {
		fprintf(reading->why,
			"%s: nothing is sent and nothing expected; give a send "
			"or an expect",
			reading->path);
		return -1;
	}
	return 0;
}

struct protocol *
script_file_load(const char *path, FILE *why)
{
	struct reading reading = {
		.path = path,
		.why = why,
		.into = calloc(1, sizeof(*reading.into)),
	};
	FILE *in = fopen(path, "re");
	int result = -1;

	if (in == NULL || reading.into == NULL)
		fprintf(why, "%s: %s", path, strerror(errno));
	else
		result = read_lines(&reading, in);
	if (in != NULL)
		fclose(in);
	if (result == -1) {
		free(reading.into);
		return NULL;
	}
	reading.into->protocol = (struct protocol){
		.name = "file",
		.say = script_say,
		.hear = script_hear,
		.own = &reading.into->script,
		.once = true,
		.every_us = reading.every_us,
	};
	return &reading.into->protocol;
}
