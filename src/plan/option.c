#include "plan/option.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "plan/config.h"
#include "plan/option_parser.h"
#include "plan/suggest.h"

/* How the value of each type of option is read and written, as in struct option_custom. */
struct option_ops {
	int (*parse)(const struct option_spec *spec, const char *arg, void *base,
		     FILE *why);
	void (*list)(const struct option_spec *spec, const void *base, FILE *out);
	void (*json)(const struct option_spec *spec, const void *base, struct json *j);
	/* Leaves arg as it is where the value is not of the type. */
	void (*retype)(const struct option_spec *spec, const struct option_stored *value,
		       char arg[OPTION_STORED_SIZE]);
};

/* Where an entry's value lies in base. */
static int64_t *
option_number(const struct option_spec *spec, void *base)
{
	return (int64_t *)(void *)((char *)base + spec->offset);
}

static int64_t
number_of(const struct option_spec *spec, const void *base)
{
	return *(const int64_t *)(const void *)((const char *)base + spec->offset);
}

char **
option_text(const struct option_spec *spec, void *base)
{
	return (char **)(void *)((char *)base + spec->offset);
}

static const char *
text_of(const struct option_spec *spec, const void *base)
{
	return *(char *const *)(const void *)((const char *)base + spec->offset);
}

static const struct option_word *
word_by_name(const struct option_spec *spec, const char *name)
{
	for (const struct option_word *w = spec->words; w && w->word; w++) {
		if (strcmp(w->word, name) == 0)
			return w;
	}
	return NULL;
}

const char *
option_word(const struct option_spec *spec, int64_t value)
{
	for (const struct option_word *w = spec->words; w && w->word; w++) {
		if (w->value == value)
			return w->word;
	}
	return NULL;
}

/* The words with sep between them and last before the last one. */
static void
words_write(const struct option_word *words, const char *sep, const char *last, FILE *out)
{
	for (const struct option_word *w = words; w->word; w++) {
		if (w != words)
			fputs(w[1].word ? sep : last, out);
		fputs(w->word, out);
	}
}

/* Ends a sentence on what a number may be by the words that may stand for it. */
static int
or_words(const struct option_spec *spec, FILE *why)
{
	for (const struct option_word *w = spec->words; w && w->word; w++)
		fprintf(why, ", or \"%s\"", w->word);
	return -1;
}

static int
flag_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	if (arg && strcmp(arg, "yes") != 0 && strcmp(arg, "no") != 0) {
		fputs("allowed are yes or no", why);
		return -1;
	}
	*option_number(spec, base) = !arg || strcmp(arg, "yes") == 0;
	return 0;
}

static void
flag_list(const struct option_spec *spec, const void *base, FILE *out)
{
	if (number_of(spec, base))
		fprintf(out, "  --%s\n", spec->name);
}

static void
flag_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_bool(j, spec->name, number_of(spec, base) != 0);
}

static void
flag_retype(const struct option_spec *spec, const struct option_stored *value,
	    char arg[OPTION_STORED_SIZE])
{
	(void)spec;
	if (!value->text)
		strlcpy(arg, value->number != 0 ? "yes" : "no", OPTION_STORED_SIZE);
}

static int
number_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	const struct option_word *word = word_by_name(spec, arg);
	char min[UNITS_TEXT_SIZE], max[UNITS_TEXT_SIZE];
	int64_t value;

	if (word) {
		*option_number(spec, base) = word->value;
		return 0;
	}
	if (units_parse(spec->unit, arg, &value) != NULL) {
		units_explain(spec->unit, arg, why);
		return or_words(spec, why);
	}
	if (value < spec->min || value > spec->max) {
		fprintf(why, "out of range; allowed are %s to %s",
			units_format_exact(spec->unit, spec->min, min),
			units_format_exact(spec->unit, spec->max, max));
		return or_words(spec, why);
	}
	*option_number(spec, base) = value;
	return 0;
}

void
option_value_write(const struct option_spec *spec, int64_t value, FILE *out)
{
	const char *word = option_word(spec, value);
	char buf[UNITS_TEXT_SIZE];

	if (spec->type == OPTION_FLAG)
		word = value ? "yes" : "no";
	if (!word)
		word = units_format_exact(spec->unit, value, buf);
	fputs(word, out);
}

static void
number_list(const struct option_spec *spec, const void *base, FILE *out)
{
	fprintf(out, "  --%s ", spec->name);
	option_value_write(spec, number_of(spec, base), out);
	fputc('\n', out);
}

static void
number_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_int(j, spec->name, number_of(spec, base));
}

static void
number_retype(const struct option_spec *spec, const struct option_stored *value,
	      char arg[OPTION_STORED_SIZE])
{
	const char *word = option_word(spec, value->number);
	char exact[UNITS_TEXT_SIZE];

	if (value->text)
		return;
	if (!word)
		word = units_format_exact(spec->unit, value->number, exact);
	strlcpy(arg, word, OPTION_STORED_SIZE);
}

/* Adds the word that was meant, where that can be told. */
static void
word_suggest(const struct option_spec *spec, const char *arg, FILE *why)
{
	struct suggestion suggestion = { .word = arg, .length = strlen(arg) };
	const char *meant = NULL;

	for (const struct option_word *w = spec->words; w->word; w++) {
		if (w->also && strcmp(w->also, arg) == 0)
			meant = w->word;
		suggest_try(&suggestion, w->word);
	}
	if (!meant)
		meant = suggestion.best;
	if (meant)
		fprintf(why, "; did you mean %s?", meant);
}

static int
choice_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	const struct option_word *word = word_by_name(spec, arg);

	if (!word) {
		fputs("allowed are ", why);
		words_write(spec->words, ", ", " or ", why);
		word_suggest(spec, arg, why);
		return -1;
	}
	*option_number(spec, base) = word->value;
	return 0;
}

static void
choice_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_text(j, spec->name, option_word(spec, number_of(spec, base)));
}

static int
text_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	char *copy = strdup(arg);

	if (!copy) {
		fputs("no memory is left", why);
		return -1;
	}
	free(*option_text(spec, base));
	*option_text(spec, base) = copy;
	return 0;
}

static void
text_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const char *text = text_of(spec, base);
	char *escaped;

	if (!text)
		return;
	escaped = escape_text(text);
	fprintf(out, "  --%s %s\n", spec->name, escaped);
	free(escaped);
}

static void
text_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_text(j, spec->name, text_of(spec, base));
}

static void
text_retype(const struct option_spec *spec, const struct option_stored *value,
	    char arg[OPTION_STORED_SIZE])
{
	(void)spec;
	if (value->text)
		strlcpy(arg, value->text, OPTION_STORED_SIZE);
}

static int
custom_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	return spec->custom->parse(spec, arg, base, why);
}

static void
custom_list(const struct option_spec *spec, const void *base, FILE *out)
{
	spec->custom->list(spec, base, out);
}

static void
custom_json(const struct option_spec *spec, const void *base, struct json *j)
{
	spec->custom->json(spec, base, j);
}

static void
custom_retype(const struct option_spec *spec, const struct option_stored *value,
	      char arg[OPTION_STORED_SIZE])
{
	spec->custom->retype(value, arg);
}

/* By enum option_type. */
static const struct option_ops option_ops[] = {
	[OPTION_FLAG] = { flag_parse, flag_list, flag_json, flag_retype },
	[OPTION_NUMBER] = { number_parse, number_list, number_json, number_retype },
	[OPTION_CHOICE] = { choice_parse, number_list, choice_json, text_retype },
	[OPTION_TEXT] = { text_parse, text_list, text_json, text_retype },
	[OPTION_CONFIG] = { text_parse, text_list, text_json, text_retype },
	[OPTION_CUSTOM] = { custom_parse, custom_list, custom_json, custom_retype },
};

/* True where the value is a text, which base owns. */
static bool
option_is_text(const struct option_spec *spec)
{
	return spec->type == OPTION_TEXT || spec->type == OPTION_CONFIG;
}

/* "N|auto", "shared|group", "FILE", "" for a flag. */
void
option_arg_write(const struct option_spec *spec, FILE *out)
{
	if (spec->arg)
		fputs(spec->arg, out);
	if (spec->arg && spec->words)
		fputc('|', out);
	if (spec->words)
		words_write(spec->words, "|", "|", out);
}

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
printed_of(void (*print)(const struct option_spec *spec, FILE *out),
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
	char *synopsis = printed_of(synopsis_print, spec);
	char *sentence = printed_of(sentence_print, spec);

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

/* Stores what the option has where it is not given. 0 or OPTION_ERROR. */
static int
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

static int
reject_no_value(const struct option_parser *p, const struct option_spec *spec,
		const char *what)
{
	fprintf(p->err, "brink %s: --%s: the value is %s; give --%s ", p->table->command,
		spec->name, what, spec->name);
	option_arg_write(spec, p->err);
	fputc('\n', p->err);
	return OPTION_ERROR;
}

static int
defaults_take(const struct option_parser *p)
{
	for (size_t i = 0; i < p->table->count; i++) {
		if (option_is_text(&p->table->specs[i]))
			*option_text(&p->table->specs[i], p->base) = NULL;
	}
	for (size_t i = 0; i < p->table->count; i++) {
		if (option_default(p, &p->table->specs[i]))
			return OPTION_ERROR;
	}
	return 0;
}

static const struct option_spec *
spec_by_letter(const struct option_table *table, char letter)
{
	for (size_t i = 0; letter && i < table->count; i++) {
		if (table->specs[i].letter == letter)
			return &table->specs[i];
	}
	return NULL;
}

/* The entry that an argument names, or NULL; *value is what follows its "=", or NULL. */
static const struct option_spec *
spec_of(const struct option_table *table, const char *arg, const char **value)
{
	const char *equals = strchr(arg, '=');

	*value = NULL;
	if (strncmp(arg, "--", 2) != 0)
		return arg[2] == '\0' ? spec_by_letter(table, arg[1]) : NULL;
	if (!equals)
		return option_find(table, arg + 2, strlen(arg + 2));
	*value = equals + 1;
	return option_find(table, arg + 2, (size_t)(equals - arg - 2));
}

const struct option_spec *
option_given(const struct option_table *table, char **argv, int *taken)
{
	const char *value;
	const struct option_spec *spec = spec_of(table, argv[0], &value);

	*taken = spec && spec->type != OPTION_FLAG && !value ? 2 : 1;
	return spec;
}

/* Reads the option at argv[0]: the arguments it took, or OPTION_ERROR. */
static int
option_take(struct option_parser *p, char **argv)
{
	const char *value;
	const struct option_spec *spec = spec_of(p->table, argv[0], &value);
	int taken = 1;

	if (!spec)
		return option_reject_unknown(p, argv[0], strcspn(argv[0], "="));
	if (spec->type != OPTION_FLAG && !value) {
		value = argv[1];
		taken = 2;
	}
	/* What looks like an option is not taken as a value but after "=": a forgotten
	 * value must not swallow the next option. */
	if (spec->type != OPTION_FLAG &&
	    (!value || (taken == 2 && strncmp(value, "--", 2) == 0)))
		return reject_no_value(p, spec, "missing");
	if (value && value[0] == '\0')
		return reject_no_value(p, spec, "empty");
	if (p->config_only != (spec->type == OPTION_CONFIG))
		return taken;
	return option_give(p, spec, value) ? OPTION_ERROR : taken;
}

static int
contradictions_check(const struct option_parser *p)
{
	for (size_t i = 0; i < p->table->count; i++) {
		const struct option_spec *spec = &p->table->specs[i], *other;

		if (p->given[i] == LAYER_NONE || !spec->excludes)
			continue;
		other = option_find(p->table, spec->excludes, strlen(spec->excludes));
		if (other && p->given[other - p->table->specs] != LAYER_NONE)
			return option_reject(
			    p, "--%s and --%s contradict each other; give one",
			    spec->name, other->name);
	}
	return 0;
}

/* A flag that was given, perhaps as if it took a value, or NULL. */
static const struct option_spec *
given_flag(const struct option_parser *p)
{
	for (size_t i = 0; i < p->table->count; i++)
		if (p->given[i] == LAYER_LINE && p->table->specs[i].type == OPTION_FLAG)
			return &p->table->specs[i];
	return NULL;
}

static int
operands_check(const struct option_parser *p, int count, char **operands)
{
	const struct option_table *table = p->table;
	const struct option_spec *flag;
	const char *extra;

	if (count < table->operands_min)
		return option_reject(p, "an operand is missing; give brink %s %s",
				     table->command, table->operands);
	if (count <= table->operands_max ||
	    (table->runs && strcmp(operands[-1], "--") == 0))
		return 0;
	extra = operands[table->operands_max];
	if (table->operands_max > 0 && extra[0] == '-')
		return option_reject(p, "%s: options go before the operands", extra);
	if (table->operands_max > 0)
		return option_reject(p, "%s: one operand too many; allowed are %d", extra,
				     table->operands_max);
	flag = given_flag(p);
	if (flag != NULL)
		return option_reject(p,
				     "%s: no operand is allowed, and --%s takes no value",
				     extra, flag->name);
	return option_reject(
	    p, "%s: no operand is allowed; settings are options such as --%s", extra,
	    table->specs[0].name);
}

/* Returns the first operand, or what option_parse() does. */
static int
arguments_take(struct option_parser *p, int argc, char **argv)
{
	int i = 1, taken;

	p->layer = LAYER_LINE;
	while (i < argc && argv[i][0] == '-' && argv[i][1] != '\0') {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			option_help(p->table, stdout);
			return OPTION_HELP;
		}
		taken = option_take(p, argv + i);
		if (taken < 0)
			return taken;
		i += taken;
	}
	return i;
}

/* The file that the command line names, where it does. */
static int
config_take(struct option_parser *p, int argc, char **argv)
{
	const struct option_spec *spec = p->table->specs;
	const char *path;
	int result;

	while (spec < p->table->specs + p->table->count && spec->type != OPTION_CONFIG)
		spec++;
	if (spec == p->table->specs + p->table->count)
		return 0;
	p->config_only = true;
	result = arguments_take(p, argc, argv);
	p->config_only = false;
	if (result < 0)
		return result;
	path = *option_text(spec, p->base);
	return path ? config_read(p, path) : 0;
}

int
option_parse(const struct option_table *table, int argc, char **argv, void *base,
	     FILE *err)
{
	struct option_parser p = { .table = table, .base = base, .err = err };
	int result;

	p.given = calloc(table->count + 1, sizeof(*p.given));
	result = defaults_take(&p);
	if (result == 0 && !p.given)
		result = option_reject(&p, "no memory is left");
	if (result == 0)
		result = config_take(&p, argc, argv);
	if (result == 0)
		result = arguments_take(&p, argc, argv);
	if (result > 0 && (contradictions_check(&p) ||
			   operands_check(&p, argc - result, argv + result)))
		result = OPTION_ERROR;
	free(p.given);
	return result;
}

void
option_free(const struct option_table *table, void *base)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct option_spec *spec = &table->specs[i];

		if (!option_is_text(spec))
			continue;
		free(*option_text(spec, base));
		*option_text(spec, base) = NULL;
	}
}

/* True of one that another takes the place of, which has a text. */
static bool
is_replaced(const struct option_table *table, const struct option_spec *spec,
	    const void *base)
{
	const struct option_spec *other =
	    spec->excludes ? option_find(table, spec->excludes, strlen(spec->excludes))
			   : NULL;

	return other && option_is_text(other) &&
	       *(char *const *)((const char *)base + other->offset) != NULL;
}

void
option_list(const struct option_table *table, const void *base, FILE *out)
{
	const char *group = NULL;

	for (size_t i = 0; i < table->count; i++) {
		const struct option_spec *spec = &table->specs[i];

		if (!group || strcmp(group, spec->group) != 0)
			fprintf(out, "%s\n", spec->group);
		group = spec->group;
		if (is_replaced(table, spec, base))
			continue;
		option_ops[spec->type].list(spec, base, out);
	}
}

void
option_json(const struct option_table *table, const void *base, struct json *j)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct option_spec *spec = &table->specs[i];

		option_ops[spec->type].json(spec, base, j);
	}
}

void
option_restore(const struct option_table *table, const struct option_stored *value,
	       void *base)
{
	const struct option_spec *spec =
	    option_find(table, value->option, strlen(value->option));
	char arg[OPTION_STORED_SIZE] = "", nowhere[256];
	FILE *why;

	if (!spec || (value->member && spec->type != OPTION_CUSTOM))
		return;
	option_ops[spec->type].retype(spec, value, arg);
	why = arg[0] != '\0' ? fmemopen(nowhere, sizeof(nowhere), "w") : NULL;
	if (!why)
		return;
	(void)option_ops[spec->type].parse(spec, arg, base, why);
	fclose(why);
}
