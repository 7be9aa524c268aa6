#include "report/html_write.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "report/amount.h"
#include "report/html_terms.h"

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

/* C1 controls, and U+202A..202E and U+2066..2069, which turn the direction of writing. */
static bool
is_harmful(const unsigned char *s)
{
	return (s[0] == 0xc2 && s[1] < 0xa0) ||
	       (s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0xaa && s[2] <= 0xae) ||
	       (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}

static size_t
write_character(FILE *out, const unsigned char *s)
{
	size_t length = *s < 0x80 ? 1 : utf8_length(s);
	bool is_control = (*s < 0x20 && *s != '\n' && *s != '\t') || *s == 0x7f;

	if (length == 0 || is_control || is_harmful(s))
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

static void write_format(FILE *out, const char *fmt, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
write_format(FILE *out, const char *fmt, va_list args)
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
	write_format(out, fmt, args);
	va_end(args);
}

static void write_cell(FILE *out, const char *open, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
write_cell(FILE *out, const char *open, const char *fmt, va_list args)
{
	fputs(open, out);
	write_format(out, fmt, args);
	fputs("</td>", out);
}

void
html_cell(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_cell(out, "<td>", fmt, args);
	va_end(args);
}

void
html_figure(FILE *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	write_cell(out, "<td class=\"n\">", fmt, args);
	va_end(args);
}

static void
write_headings(FILE *out, const char *const *headings, size_t count)
{
	fputs("<thead><tr>", out);
	for (size_t i = 0; i < count; i++) {
		bool at_right = headings[i][0] == '>';

		fputs(at_right ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">",
		      out);
		html_term(out, headings[i] + at_right);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

void
html_table(FILE *out, const char *caption, const char *const *headings, size_t count)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption);
	fputs("</caption>", out);
	write_headings(out, headings, count);
	fputs("<tbody>\n", out);
}

void
html_table_end(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

void
html_aside(FILE *out, const char *text)
{
	fputs("<span class=\"interval\">", out);
	html_text(out, text);
	fputs("</span>", out);
}

void
html_estimate(FILE *out, const struct findings_estimate *e, enum unit unit,
	      const char *suffix)
{
	char value[AMOUNT_SIZE], interval[AMOUNT_SIZE];

	if (!e->known) {
		html_figure(out, "–");
		return;
	}
	fputs("<td class=\"n\">", out);
	html_format(out, "%s%s", amount(unit, e->value, value), suffix);
	html_aside(out, amount_interval(e, unit, interval));
	fputs("</td>", out);
}

void
html_resource_row(FILE *out, const char *resource, const char *subject)
{
	fputs("<tr><th scope=\"row\">", out);
	html_text(out, resource);
	html_aside(out, subject);
	fputs("</th>", out);
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
