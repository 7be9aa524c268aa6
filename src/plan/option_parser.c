#include "plan/option_parser.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "plan/suggest.h"
#include "plan/option_type.h"

const struct option_spec *
option_find(const struct option_table *table, const char *name, size_t length)
{
	for (size_t i = 0; i < table->count; i++) {
		const char *candidate = table->specs[i].name;

		if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
			return &table->specs[i];
	}
	return NULL;
}

int
option_reject(const struct option_parser *p, const char *fmt, ...)
{
	char *sentence = NULL, *escaped;
	va_list ap;
	size_t size;
	FILE *memo = open_memstream(&sentence, &size);

	if (!memo)
		return OPTION_ERROR;
	if (p->file)
		fprintf(memo, "%s:%d: ", p->file, p->line);
	va_start(ap, fmt);
	vfprintf(memo, fmt, ap);
	va_end(ap);
	fclose(memo);
	escaped = escape_text(sentence);
	fprintf(p->err, "brink %s: %s\n", p->table->command, escaped);
	free(escaped);
	free(sentence);
	return OPTION_ERROR;
}

int
option_reject_unknown(const struct option_parser *p, const char *name, size_t length)
{
	size_t dashes = p->file ? 0 : strspn(name, "-");
	struct suggestion suggestion = { .word = name + dashes,
					 .length = length - dashes };

	for (size_t i = 0; i < p->table->count; i++)
		suggest_try(&suggestion, p->table->specs[i].name);
	if (suggestion.best)
		return option_reject(p, "%.*s: no such option; did you mean %s%s?",
				     (int)length, name, p->file ? "" : "--",
				     suggestion.best);
	return option_reject(p, "%.*s: no such option; see brink %s --help", (int)length,
			     name, p->table->command);
}

/* Stores one value, 0 or OPTION_ERROR. */
static int
value_take(const struct option_parser *p, const struct option_spec *spec, const char *arg)
{
	char *why = NULL;
	size_t size;
	FILE *memo = open_memstream(&why, &size);
	int failed;

	if (!memo)
		return option_reject(p, "--%s: no memory is left", spec->name);
	failed = option_ops[spec->type].parse(spec, arg, p->base, memo);
	fclose(memo);
	if (failed)
		option_reject(p, "%s%s%s%s: %s", p->file ? "" : "--", spec->name,
			      p->file ? " = " : " ", arg, why);
	free(why);
	return failed ? OPTION_ERROR : 0;
}

int
option_default(const struct option_parser *p, const struct option_spec *spec)
{
	if (option_is_text(spec)) {
		free(*option_text(spec, p->base));
		*option_text(spec, p->base) = NULL;
	} else if (spec->type != OPTION_CUSTOM)
		*option_number(spec, p->base) = 0;
	return spec->def ? value_take(p, spec, spec->def) : 0;
}

/* Where the file gave an option that contradicts one on the command line, it is as if it
 * had not. */
static int
excluded_reset(struct option_parser *p, const struct option_spec *spec)
{
	const struct option_spec *other;

	if (p->layer != LAYER_LINE || !spec->excludes)
		return 0;
	other = option_find(p->table, spec->excludes, strlen(spec->excludes));
	if (!other || p->given[other - p->table->specs] != LAYER_FILE)
		return 0;
	p->given[other - p->table->specs] = LAYER_NONE;
	return option_default(p, other);
}

int
option_give(struct option_parser *p, const struct option_spec *spec, const char *value)
{
	if (excluded_reset(p, spec))
		return OPTION_ERROR;
	p->given[spec - p->table->specs] = p->layer;
	return value_take(p, spec, value);
}
