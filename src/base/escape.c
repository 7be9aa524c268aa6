#include "base/escape.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIBBSD_OPENBSD_VIS /* strnvis(3) is not used here: either will do */
#include <vis.h>

#include "base/log.h"

/* Characters of UTF-8 that write nothing, but change how what stands around them is shown:
 * the controls of C1, and those that turn the direction of text (UAX #9). */
static const struct {
	unsigned char bytes[3];
	size_t length;
	unsigned char last_low, last_high; /* of the last byte */
} controls[] = {
	{ { 0xc2 }, 2, 0x80, 0x9f },       /* U+0080 to U+009F */
	{ { 0xd8 }, 2, 0x9c, 0x9c },       /* U+061C */
	{ { 0xe2, 0x80 }, 3, 0x8e, 0x8f }, /* U+200E, U+200F */
	{ { 0xe2, 0x80 }, 3, 0xa8, 0xae }, /* U+2028 to U+202E */
	{ { 0xe2, 0x81 }, 3, 0xa6, 0xa9 }, /* U+2066 to U+2069 */
};

size_t
escape_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t length = utf8_length(p);

	/* A terminal may take a byte that is no UTF-8 for a control of another character
	 * set. */
	if (length == 0)
		return *p >= 0x20 && *p < 0x7f ? 1 : 0;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++)
		if (length == controls[i].length &&
		    memcmp(p, controls[i].bytes, length - 1) == 0 &&
		    p[length - 1] >= controls[i].last_low &&
		    p[length - 1] <= controls[i].last_high)
			return 0;
	return length;
}

bool
escape_is_needless(const char *text, const char *also)
{
	while (*text != '\0') {
		size_t length = escape_length(text);

		if (length == 0 && strchr(also, *text) == NULL)
			return false;
		text += length > 0 ? length : 1;
	}
	return true;
}

static char *
escape(const char *text, const char *also, int flags)
{
	size_t length = strlen(text);
	char *escaped = malloc(4 * length + 1);

	if (escaped == NULL)
		fatal("cannot hold a text of %zu bytes", length);
	if (escape_is_needless(text, also))
		memcpy(escaped, text, length + 1);
	else
		strvis(escaped, text, VIS_CSTYLE | VIS_NOSLASH | flags);
	return escaped;
}

char *
escape_text(const char *text)
{
	return escape(text != NULL ? text : "", "", VIS_NL | VIS_TAB);
}

char *
escape_lines(const char *text)
{
	return escape(text, "\n\t", 0);
}

void
escape_cut(char *text)
{
	for (char *p = text; *p != '\0';) {
		size_t length = escape_length(p);

		if (length == 0 && strchr("\n\t", *p) == NULL)
			*p = '?';
		p += length > 0 ? length : 1;
	}
}

static bool
write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written == -1 && errno != EINTR)
			return false;
		text += written > 0 ? written : 0;
		size -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

/* See fopencookie(3): 0 is an error. */
static ssize_t
write_safely(void *cookie, const char *data, size_t size)
{
	static const char clear[] = ESCAPE_CLEAR_LINE;
	int fd = (int)(intptr_t)cookie;
	size_t own = 0;
	char *text, *escaped;
	bool written;

	while (size - own >= strlen(clear) &&
	       memcmp(data + own, clear, strlen(clear)) == 0)
		own += strlen(clear);
	text = strndup(data + own, size - own);
	if (text == NULL)
		return 0;
	escaped = escape_lines(text);
	written = write_all(fd, data, own) && write_all(fd, escaped, strlen(escaped));
	free(escaped);
	free(text);
	return written ? (ssize_t)size : 0;
}

FILE *
escape_stream(int fd)
{
	const cookie_io_functions_t functions = { .write = write_safely };
	FILE *stream = fopencookie((void *)(intptr_t)fd, "w", functions);

	if (stream != NULL)
		setvbuf(stream, NULL, _IOLBF, BUFSIZ);
	return stream;
}

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

size_t
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

unsigned int
utf8_code(const unsigned char *s)
{
	size_t length = utf8_length(s);
	unsigned int code = length < 2 ? *s : *s & (0x7fu >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}
