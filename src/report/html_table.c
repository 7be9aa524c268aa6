#include "report/html_table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "analyse/display_name.h"
#include "report/amount.h"
#include "report/html_terms.h"
#include "report/html_write.h"

static void write_cell(FILE *out, const char *open, const char *fmt, va_list args)
    __attribute__((format(printf, 3, 0)));

static void
write_cell(FILE *out, const char *open, const char *fmt, va_list args)
{
	fputs(open, out);
	html_vformat(out, fmt, args);
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
	const char *display_name = display_name_of(resource);

	fputs("<tr><th scope=\"row\">", out);
	html_text(out, display_name);
	fputs("<span class=\"interval\">", out);
	html_text(out, subject);
	if (strcmp(display_name, resource) != 0) {
		fputs(" <code>", out);
		html_text(out, resource);
		fputs("</code>", out);
	}
	fputs("</span></th>", out);
}
