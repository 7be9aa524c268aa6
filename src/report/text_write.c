#include "report/text_write.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/escape.h"

#define BOLD   "\033[1m"
#define PLAIN  "\033[0m"

#define INDENT "  "

void
text_heading(const char *heading, const struct report_options *options, FILE *out)
{
	if (options->heading != NULL)
		heading = options->heading;
	if (options->markdown)
		fprintf(out, "\n## %s\n\n", heading);
	else
		fprintf(out, "\n%s%s%s\n", options->colour ? BOLD : "", heading,
			options->colour ? PLAIN : "");
}

void
text_headings(struct table *table, const char *const *headings)
{
	for (size_t i = 0; i < table->columns; i++)
		table_cell(table, "%s", headings[i]);
}

void
text_table(struct table *table, const struct report_options *options, FILE *out)
{
	if (options->markdown) {
		table_end_markdown(table, out);
		fputc('\n', out);
	} else
		table_end(table, INDENT, out);
}

/* What printf would make; the caller frees it. */
static char *make_text(const char *fmt, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *
make_text(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) == -1)
		fatal("cannot hold a line of the report");
	return text;
}

void
text_line(const struct report_options *options, FILE *out, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = make_text(fmt, args);
	va_end(args);
	fputs(options->markdown ? "- " : INDENT, out);
	if (options->markdown)
		table_write_markdown(text, out);
	else
		fputs(text, out);
	fputc('\n', out);
	free(text);
}

void
text_pair(const struct report_options *options, FILE *out, const char *name,
	  const char *fmt, ...)
{
	char *text, *escaped;
	va_list args;

	va_start(args, fmt);
	text = make_text(fmt, args);
	va_end(args);
	escaped = escape_text(text);
	if (escaped[0] != '\0' && options->markdown)
		text_line(options, out, "%s: %s", name, escaped);
	else if (escaped[0] != '\0')
		text_line(options, out, "%-12s %s", name, escaped);
	free(escaped);
	free(text);
}

size_t
text_findings(const struct findings *f, const char *kind,
	      const struct report_options *options, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		char *text;

		if (strcmp(f->items[i].kind, kind) != 0)
			continue;
		text = escape_text(f->items[i].text);
		text_line(options, out, "%s", text);
		free(text);
		n++;
	}
	return n;
}
