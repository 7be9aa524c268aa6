#include "base/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>

/* Bytes that may follow the first of a UTF-8 sequence: the second as given, which keeps
 * out overlong forms, surrogates and what is beyond U+10FFFF; any others 80..BF (RFC 3629,
 * section 4). */
static const struct {
	unsigned char first_low, first_high, length, second_low, second_high;
} sequences[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Length of the valid sequence of two bytes or more at s, 0 where there is none. */
static size_t
utf8_length(const unsigned char *s)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		if (s[0] < sequences[i].first_low || s[0] > sequences[i].first_high)
			continue;
		if (s[1] < sequences[i].second_low || s[1] > sequences[i].second_high)
			return 0;
		for (size_t k = 2; k < sequences[i].length; k++) {
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		}
		return sequences[i].length;
	}
	return 0;
}

/* Writes the character at s, escaped where it must be; returns its length. */
static size_t
character_write(FILE *out, const unsigned char *s)
{
	size_t length = 1;

	if (*s == '"' || *s == '\\') {
		fprintf(out, "\\%c", *s);
	} else if (*s < 0x20) {
		fprintf(out, "\\u%04x", *s);
	} else if (*s < 0x80) {
		putc(*s, out);
	} else if ((length = utf8_length(s)) != 0) {
		fwrite(s, 1, length, out);
	} else {
		fputs("\xef\xbf\xbd", out);
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
