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
write_heading(FILE *out, const char *title, bool at_right)
{
	fputs(at_right ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">", out);
	html_term(out, title);
	fputs("</th>", out);
}

void
html_table(FILE *out, const char *caption, const char *const *headings, size_t count)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption);
	fputs("</caption><thead><tr>", out);
	for (size_t i = 0; i < count; i++)
		write_heading(out, headings[i] + (headings[i][0] == '>'),
			      headings[i][0] == '>');
	fputs("</tr></thead>\n<tbody>\n", out);
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

/* ------------------------------------------------------------------------------ sections */

void
html_section_table(FILE *out, const struct section *section, const char *caption)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption != NULL ? caption : section->title);
	fputs("</caption><thead><tr>", out);
	for (size_t i = 0; i < section->column_count; i++) {
		struct cell cell = section_cell(section, i, NULL, NULL);

		if (section->columns[i].only == SECTION_TEXT)
			continue;
		write_heading(out, cell.column->title,
			      cell.column->style == STYLE_FIGURE);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

/* What a person calls it, and below the subject and the name to ask the store by. */
static void
write_resource(FILE *out, const struct cell *cell)
{
	const char *resource = COLUMN_OF(char, cell->column, cell->row);
	const char *display_name = display_name_of(resource);

	html_text(out, display_name);
	fputs("<span class=\"interval\">", out);
	html_text(out,
		  COLUMN_OF(char, record_column(cell->record, "subject"), cell->row));
	if (strcmp(display_name, resource) != 0) {
		fputs(" <code>", out);
		html_text(out, resource);
		fputs("</code>", out);
	}
	fputs("</span>", out);
}

static void
write_styled(FILE *out, const struct cell *cell, const char *text)
{
	switch (cell->column->style) {
	case STYLE_RESOURCE:
		write_resource(out, cell);
		break;
	case STYLE_BADGE:
		fputs("<span class=\"badge ", out);
		html_text(out, text);
		fputs("\">", out);
		html_text(out, text);
		fputs("</span>", out);
		break;
	case STYLE_CODE:
		fputs("<code>", out);
		html_text(out, text);
		fputs("</code>", out);
		break;
	case STYLE_TEXT:
	case STYLE_FIGURE:
		html_text(out, text[0] != '\0' ? text : "–");
		break;
	}
}

static void
write_section_cell(FILE *out, const struct cell *cell, bool is_heading, bool bare)
{
	const char *tag = is_heading ? "th" : "td";
	char text[AMOUNT_SIZE], aside[AMOUNT_SIZE];

	fprintf(out, "<%s%s%s>", tag, is_heading ? " scope=\"row\"" : "",
		cell->column->style == STYLE_FIGURE ? " class=\"n\"" : "");
	if (is_heading && cell->column->style == STYLE_TEXT)
		html_term(out, cell_text(cell, text));
	else
		write_styled(out, cell, cell_text(cell, text));
	if (!bare && cell_aside(cell, aside)[0] != '\0')
		html_aside(out, cell_aside(cell, aside));
	fprintf(out, "</%s>", tag);
}

/* The first that is no badge says what the row is of. */
static void
write_section_row(FILE *out, const struct section *section, const struct findings *f,
		  const void *row)
{
	bool has_heading = false;

	fputs("<tr>", out);
	for (size_t i = 0; i < section->column_count; i++) {
		struct cell cell = section_cell(section, i, f, row);
		bool is_heading = !has_heading && cell.column->style != STYLE_BADGE;

		if (section->columns[i].only == SECTION_TEXT)
			continue;
		write_section_cell(out, &cell, is_heading, section->columns[i].bare);
		has_heading |= is_heading;
	}
	fputs("</tr>\n", out);
}

size_t
html_section_rows(FILE *out, const struct section *section, const struct findings *f,
		  html_shows *shows)
{
	size_t rows = 0;

	for (size_t i = 0; i < section_count(section, f); i++) {
		const void *row = shows != NULL ? record_row(section->record, f, i)
						: section_row(section, f, i);

		if (row == NULL || (shows != NULL && !shows(f, row)))
			continue;
		write_section_row(out, section, f, row);
		rows++;
	}
	return rows;
}

void
html_section_all(FILE *out, const struct section *section, const struct findings *f,
		 html_shows *shows, const char *caption)
{
	html_section_table(out, section, caption);
	html_section_rows(out, section, f, shows);
	html_table_end(out);
}
