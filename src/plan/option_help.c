#include <stdlib.h>
#include <string.h>

#include "plan/option_type.h"

/* Columns of the help: where the sentence on an option begins, and where a line ends. */
#define SENTENCE_COLUMN 30
#define LINE_END        80

/* Writes text in words from column on, in lines that begin at SENTENCE_COLUMN. */
static void
wrap(const char *text, size_t column, FILE *out)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		if (column > SENTENCE_COLUMN && column + 1 + length > LINE_END) {
			fprintf(out, "\n%*s", SENTENCE_COLUMN, "");
			column = SENTENCE_COLUMN;
		} else if (column > SENTENCE_COLUMN) {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)length, text);
		column += length;
		text += length;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

/* The text that print() writes of the entry, to be freed; NULL without memory. */
static char *
text_of(void (*print)(const struct option_spec *spec, FILE *out),
	const struct option_spec *spec)
{
	char *text = NULL;
	size_t size;
	FILE *memo = open_memstream(&text, &size);

	if (!memo)
		return NULL;
	print(spec, memo);
	fclose(memo);
	return text;
}

/* "  -o, --output FILE" */
static void
synopsis_print(const struct option_spec *spec, FILE *out)
{
	if (spec->letter)
		fprintf(out, "  -%c, --%s", spec->letter, spec->name);
	else
		fprintf(out, "  --%s", spec->name);
	if (spec->type != OPTION_FLAG)
		fputc(' ', out);
	option_arg_write(spec, out);
}

static void
sentence_print(const struct option_spec *spec, FILE *out)
{
	fputs(spec->help, out);
	if (spec->def)
		fprintf(out, " (default: %s)", spec->def);
}

static void
entry_write(const struct option_spec *spec, FILE *out)
{
	char *synopsis = text_of(synopsis_print, spec);
	char *sentence = text_of(sentence_print, spec);

	if (synopsis && sentence) {
		fputs(synopsis, out);
		if (strlen(synopsis) + 2 > SENTENCE_COLUMN)
			fprintf(out, "\n%*s", SENTENCE_COLUMN, "");
		else
			fprintf(out, "%*s", SENTENCE_COLUMN - (int)strlen(synopsis), "");
		wrap(sentence, SENTENCE_COLUMN, out);
	}
	free(synopsis);
	free(sentence);
}

void
option_help(const struct option_table *table, FILE *out)
{
	const char *group = NULL;

	fprintf(out, "usage: brink %s%s%s%s\n\n%s\n", table->command,
		table->count > 0 ? " [options]" : "", table->operands[0] ? " " : "",
		table->operands, table->summary);
	for (size_t i = 0; i < table->count; i++) {
		const struct option_spec *spec = &table->specs[i];

		if (!group || strcmp(group, spec->group) != 0)
			fprintf(out, "\n%s\n", spec->group);
		group = spec->group;
		entry_write(spec, out);
	}
}
