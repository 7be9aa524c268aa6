#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>

#include "base/escape.h"

/* Writes the character at s, escaped where it must be; returns its length. */
static size_t
character_write(FILE *out, const unsigned char *s)
{
	size_t length = 1;

	if (*s == '"' || *s == '\\') {
		fprintf(out, "\\%c", *s);
	} else if (*s < 0x80 && escape_length((const char *)s) == 0) {
		fprintf(out, "\\u%04x", *s);
	} else if (*s < 0x80) {
		putc(*s, out);
	} else if ((length = utf8_length(s)) != 0) {
		if (escape_length((const char *)s) != 0)
			fwrite(s, 1, length, out);
		else
			fprintf(out, "\\u%04x", utf8_code(s));
	} else {
		fputs(UTF8_REPLACEMENT, out);
		length = 1;
	}
	return length;
}

static void
string_write(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	putc('"', out);
	while (*s != '\0')
		s += character_write(out, s);
	putc('"', out);
}

static void
line_begin(struct json *j)
{
	fprintf(j->out, "\n%*s", 2 * j->depth, "");
}

/* What stands before a value: comma, line and key. */
static void
value_begin(struct json *j, const char *key)
{
	if (!j->first[j->depth])
		putc(',', j->out);
	if (j->depth > 0)
		line_begin(j);
	j->first[j->depth] = false;
	if (key != NULL) {
		string_write(j->out, key);
		fputs(": ", j->out);
	}
}

static void
group_begin(struct json *j, const char *key, char bracket)
{
	value_begin(j, key);
	putc(bracket, j->out);
	assert(j->depth + 1 < (int)(sizeof(j->first) / sizeof(*j->first)));
	j->first[++j->depth] = true;
}

static void
group_end(struct json *j, char bracket)
{
	bool empty = j->first[j->depth];

	assert(j->depth > 0);
	j->depth--;
	if (!empty)
		line_begin(j);
	putc(bracket, j->out);
}

void
json_begin(struct json *j, FILE *out)
{
	*j = (struct json){ .out = out, .first = { true } };
}

void
json_document(struct json *j, FILE *out)
{
	json_begin(j, out);
	json_object(j, NULL);
	json_int(j, "schema_version", JSON_SCHEMA_VERSION);
}

void
json_end_document(struct json *j)
{
	json_end_object(j);
	putc('\n', j->out);
}

void
json_list(struct json *j, FILE *out)
{
	json_begin(j, out);
	json_array(j, NULL);
}

void
json_item(struct json *j)
{
	json_object(j, NULL);
	json_int(j, "schema_version", JSON_SCHEMA_VERSION);
}

void
json_end_list(struct json *j)
{
	json_end_array(j);
	putc('\n', j->out);
}

void
json_object(struct json *j, const char *key)
{
	group_begin(j, key, '{');
}

void
json_array(struct json *j, const char *key)
{
	group_begin(j, key, '[');
}

void
json_end_object(struct json *j)
{
	group_end(j, '}');
}

void
json_end_array(struct json *j)
{
	group_end(j, ']');
}

void
json_text(struct json *j, const char *key, const char *text)
{
	if (text == NULL) {
		json_null(j, key);
		return;
	}
	value_begin(j, key);
	string_write(j->out, text);
}

void
json_int(struct json *j, const char *key, int64_t value)
{
	value_begin(j, key);
	fprintf(j->out, "%" PRId64, value);
}

void
json_known(struct json *j, const char *key, int64_t value)
{
	if (value >= 0)
		json_int(j, key, value);
	else
		json_null(j, key);
}

void
json_real(struct json *j, const char *key, double value)
{
	if (!isfinite(value)) {
		json_null(j, key);
		return;
	}
	value_begin(j, key);
	fprintf(j->out, "%.15g", value);
}

void
json_bool(struct json *j, const char *key, bool value)
{
	value_begin(j, key);
	fputs(value ? "true" : "false", j->out);
}

void
json_null(struct json *j, const char *key)
{
	value_begin(j, key);
	fputs("null", j->out);
}
