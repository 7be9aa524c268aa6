#include "report/html_write.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/escape.h"
#include "base/utf8.h"

static const struct {
	char character;
	const char *entity;
} entities[] = {
	{ '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" }, { '`', "&#96;" },
};

static bool
write_entity(FILE *out, unsigned char c)
{
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (c == (unsigned char)entities[i].character) {
			fputs(entities[i].entity, out);
			return true;
		}
	return false;
}

static size_t
write_character(FILE *out, const unsigned char *s)
{
	size_t length = *s < 0x80 ? 1 : utf8_length(s);
	bool is_blank = *s == '\n' || *s == '\t';

	if (escape_length((const char *)s) == 0 && !is_blank)
		fputs(UTF8_REPLACEMENT, out);
	else if (!write_entity(out, *s))
		fwrite(s, 1, length, out);
	return length > 0 ? length : 1;
}

void
html_text(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (s != NULL && *s != '\0')
		s += write_character(out, s);
}

void
html_vformat(FILE *out, const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) == -1)
		fatal("cannot hold a text of the report");
	html_text(out, text);
	free(text);
}

void
html_format(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	html_vformat(out, fmt, args);
	va_end(args);
}

void
html_empty(FILE *out, const char *text)
{
	fputs("<p class=\"empty\">", out);
	html_text(out, text);
	fputs("</p>\n", out);
}

void
html_pair(FILE *out, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	fputs("<div><dt>", out);
	html_text(out, name);
	fputs("</dt><dd>", out);
	html_text(out, value);
	fputs("</dd></div>\n", out);
}
