#include "plan/option.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plan/config.h"
#include "plan/option_parser.h"
#include "plan/option_type.h"

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

static int
operands_check(const struct option_parser *p, int count, char **operands)
{
	const struct option_table *table = p->table;
	const char *extra;

	if (count < table->operands_min)
		return option_reject(p, "an operand is missing; give brink %s %s",
				     table->command, table->operands);
	if (count <= table->operands_max)
		return 0;
	extra = operands[table->operands_max];
	if (table->operands_max > 0 && extra[0] == '-')
		return option_reject(p, "%s: options go before the operands", extra);
	if (table->operands_max > 0)
		return option_reject(p, "%s: one operand too many; allowed are %d", extra,
				     table->operands_max);
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

void
option_list(const struct option_table *table, const void *base, FILE *out)
{
	const char *group = NULL;

	for (size_t i = 0; i < table->count; i++) {
		const struct option_spec *spec = &table->specs[i];

		if (!group || strcmp(group, spec->group) != 0)
			fprintf(out, "%s\n", spec->group);
		group = spec->group;
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
