/* The commands that print a table of the program: resources and limits. */
#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "model/resource.h"
#include "model/limit.h"
#include "base/escape.h"
#include "base/json.h"
#include "cmd/operands.h"
#include "plan/option.h"
#include "plan/suggest.h"
#include "report/table.h"

struct table_options {
	int64_t json;
};

static const struct option_spec specs[] = {
	{ .name = "json",
	  .type = OPTION_FLAG,
	  .offset = offsetof(struct table_options, json),
	  .group = "options",
	  .help = "write JSON" },
};

static const struct option_table resources_options = {
	.command = "resources",
	.operands = "",
	.summary = "what is sampled: columns of the tables KIND_sample",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

static const struct option_table limits_options = {
	.command = "limits",
	.operands = "[ID]",
	.operands_max = 1,
	.summary = "what can be named as a cause, and what to do about it",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

static const char *
resource_type(const struct resource *resource)
{
	return resource->kind == RESOURCE_GAUGE ? "gauge" : "counter";
}

static void
resources_text(const char *id)
{
	struct table table;

	(void)id;
	table_begin(&table, "lllll");
	for (size_t i = 0; i < resource_count; i++) {
		table_cell(&table, "%s", subject_kind_name(resources[i].subject));
		table_cell(&table, "%s", resources[i].name);
		table_cell(&table, "%s", units_name(resources[i].unit));
		table_cell(&table, "%s", resource_type(&resources[i]));
		table_cell(&table, "%s", resources[i].help);
	}
	table_end(&table, "", stdout);
}

static void
resources_json(const char *id, struct json *j)
{
	(void)id;
	for (size_t i = 0; i < resource_count; i++) {
		json_item(j);
		json_text(j, "kind", subject_kind_name(resources[i].subject));
		json_text(j, "name", resources[i].name);
		json_text(j, "unit", units_name(resources[i].unit));
		json_text(j, "type", resource_type(&resources[i]));
		json_int(j, "resolution", resources[i].resolution);
		json_text(j, "help", resources[i].help);
		json_end_object(j);
	}
}

static const char *
side_of(const struct limit_rule *rule)
{
	return rule->side != NULL ? rule->side : "either";
}

#define ADVICE_SIZE 512

/* The one that was asked for, "brink limits ID"; NULL: all. */
static bool
is_asked_for(const struct limit_rule *rule, const char *id)
{
	return id == NULL || strcmp(rule->id, id) == 0;
}

static void
limits_text(const char *id)
{
	const char *before = "";

	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];
		char advice[ADVICE_SIZE];

		if (!is_asked_for(rule, id))
			continue;
		limit_rule_advice(rule, "N", advice, sizeof(advice));
		printf("%s%s\n  side    %s\n  is      %s\n  advice  %s\n", before,
		       rule->id, side_of(rule), rule->help, advice);
		before = "\n";
	}
}

static void
limits_json(const char *id, struct json *j)
{
	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];
		char advice[ADVICE_SIZE];

		if (!is_asked_for(rule, id))
			continue;
		limit_rule_advice(rule, "N", advice, sizeof(advice));
		json_item(j);
		json_text(j, "id", rule->id);
		json_text(j, "side", rule->side);
		json_text(j, "resource", rule->resource);
		json_text(j, "help", rule->help);
		json_text(j, "advice", advice);
		json_end_object(j);
	}
}

/* A table that a command prints; id: the one entry that is asked for, or NULL. */
struct printed {
	const struct option_table *options;
	void (*text)(const char *id);
	void (*entries)(const char *id, struct json *j);
	const char *(*name)(size_t i); /* of entry i, where one can be asked for */
	size_t count;
};

static const char *
limit_id(size_t i)
{
	return limit_rules[i].id;
}

/* EXIT_DONE, or EXIT_USAGE after one sentence. */
static int
id_check(const struct printed *printed, const char *id)
{
	const char *nearest;
	char *escaped;

	for (size_t i = 0; id != NULL && i < printed->count; i++)
		if (strcmp(printed->name(i), id) == 0)
			return EXIT_DONE;
	if (id == NULL)
		return EXIT_DONE;
	nearest = suggest_nearest(id, printed->name, printed->count);
	escaped = escape_text(id);
	fprintf(stderr, "brink %s: \"%s\" is not one of them; ",
		printed->options->command, escaped);
	if (nearest != NULL)
		fprintf(stderr, "did you mean \"%s\"?\n", nearest);
	else
		fprintf(stderr, "\"brink %s\" lists all\n", printed->options->command);
	free(escaped);
	return EXIT_USAGE;
}

static int
write_table(const struct printed *printed, const char *id, bool json)
{
	int code = id_check(printed, id);
	struct json j;

	if (code != EXIT_DONE)
		return code;
	if (json) {
		json_list(&j, stdout);
		printed->entries(id, &j);
		json_end_list(&j);
	} else {
		printed->text(id);
	}
	return command_flush();
}

static int
print(const struct printed *printed, int argc, char **argv)
{
	struct table_options given = { 0 };
	char **sorted = operands_last(printed->options, &argc, argv);
	int first = option_parse(printed->options, argc, sorted, &given, stderr);
	int code = EXIT_USAGE;

	if (first == OPTION_HELP)
		code = command_flush();
	else if (first != OPTION_ERROR)
		code = write_table(printed, first < argc ? sorted[first] : NULL,
				   given.json != 0);
	free(sorted);
	return code;
}

int
command_resources(int argc, char **argv)
{
	static const struct printed resources_printed = { &resources_options,
							  resources_text, resources_json,
							  NULL, 0 };

	return print(&resources_printed, argc, argv);
}

int
command_limits(int argc, char **argv)
{
	const struct printed limits_printed = { &limits_options, limits_text, limits_json,
						limit_id, limit_rule_count };

	return print(&limits_printed, argc, argv);
}
