#include "report/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

void
table_begin(struct table *table, const char *align)
{
	*table = (struct table){ .columns = strlen(align), .align = align };
}

void
table_cell(struct table *table, const char *fmt, ...)
{
	va_list args;
	int length;

	if (table->count == table->capacity) {
		table->capacity = table->capacity > 0 ? 2 * table->capacity : 128;
		table->cells =
		    reallocarray(table->cells, table->capacity, sizeof(*table->cells));
		if (table->cells == NULL)
			fatal("cannot hold a table of %zu cells", table->capacity);
	}
	va_start(args, fmt);
	length = vasprintf(&table->cells[table->count++], fmt, args);
	va_end(args);
	if (length == -1)
		fatal("cannot hold a cell of a table");
}

void
table_free(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i]);
	free(table->cells);
	*table = (struct table){ 0 };
}

size_t
table_width(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void
pad(size_t n, FILE *out)
{
	while (n-- > 0)
		fputc(' ', out);
}

static void
write_row(const struct table *table, size_t first, const size_t *widths, FILE *out)
{
	size_t last = table->columns;

	/* Nothing is written after the last text of a row. */
	while (last > 0 && table->cells[first + last - 1][0] == '\0')
		last--;
	for (size_t i = 0; i < last; i++) {
		const char *cell = table->cells[first + i];
		size_t gap = widths[i] - table_width(cell);

		if (table->align[i] == 'r')
			pad(gap, out);
		fputs(cell, out);
		if (i + 1 < last)
			pad((table->align[i] == 'l' ? gap : 0) + 2, out);
	}
}

void
table_end(struct table *table, const char *indent, FILE *out)
{
	size_t *widths = calloc(table->columns, sizeof(*widths));

	if (widths == NULL)
		fatal("cannot hold the widths of a table");
	for (size_t i = 0; i < table->count; i++) {
		size_t width = table_width(table->cells[i]);

		if (width > widths[i % table->columns])
			widths[i % table->columns] = width;
	}
	for (size_t i = 0; i + table->columns <= table->count; i += table->columns) {
		fputs(indent, out);
		write_row(table, i, widths, out);
		fputc('\n', out);
	}
	free(widths);
	table_free(table);
}

void
table_write_markdown(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		if (strchr("\\|*`<[", *text) != NULL)
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void
write_markdown_cell(const char *cell, FILE *out)
{
	fputc(' ', out);
	table_write_markdown(cell, out);
	fputs(" |", out);
}

void
table_end_markdown(struct table *table, FILE *out)
{
	for (size_t i = 0; i + table->columns <= table->count; i += table->columns) {
		fputc('|', out);
		for (size_t k = 0; k < table->columns; k++)
			write_markdown_cell(table->cells[i + k], out);
		fputc('\n', out);
		if (i > 0)
			continue;
		fputc('|', out);
		for (size_t k = 0; k < table->columns; k++)
			fputs(table->align[k] == 'r' ? " ---: |" : " --- |", out);
		fputc('\n', out);
	}
	table_free(table);
}
