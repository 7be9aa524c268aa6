/* The commands that print a table of the program: resources, limits and figures. */
#include "cmd/command.h"

#include "model/resource.h"
#include "analyse/limit_rule.h"
#include "base/json.h"
#include "plan/figure.h"
#include "plan/option.h"
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
	.operands = "",
	.summary = "what can be named as a cause, and what to do about it",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

static const struct option_table figures_options = {
	.command = "figures",
	.operands = "",
	.summary = "what a run comes to: what --expect, and while it goes on (live) "
		   "--abort-on, can ask\nabout, and what is compared",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

static const char *
resource_type(const struct resource *resource)
{
	return resource->kind == RESOURCE_GAUGE ? "gauge" : "counter";
}

static void
resources_text(void)
{
	struct table table;

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
resources_json(struct json *j)
{
	for (size_t i = 0; i < resource_count; i++) {
		json_object(j, NULL);
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

static void
limits_text(void)
{
	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];
		char advice[ADVICE_SIZE];

		limit_rule_advice(rule, "N", advice, sizeof(advice));
		printf("%s%s\n  side    %s\n  is      %s\n  advice  %s\n",
		       i > 0 ? "\n" : "", rule->id, side_of(rule), rule->help, advice);
	}
}

static void
limits_json(struct json *j)
{
	for (size_t i = 0; i < limit_rule_count; i++) {
		const struct limit_rule *rule = &limit_rules[i];
		char advice[ADVICE_SIZE];

		limit_rule_advice(rule, "N", advice, sizeof(advice));
		json_object(j, NULL);
		json_text(j, "id", rule->id);
		json_text(j, "side", rule->side);
		json_text(j, "resource", rule->resource);
		json_text(j, "help", rule->help);
		json_text(j, "advice", advice);
		json_end_object(j);
	}
}

static const char *const figure_headings[] = { "figure", "unit", "better", "live", "is" };

static const char *const better_names[] = {
	[BETTER_NEITHER] = "",
	[BETTER_MORE] = "more",
	[BETTER_LESS] = "less",
};

static void
figures_text(void)
{
	struct table table;

	table_begin(&table, "lllll");
	for (size_t i = 0; i < sizeof(figure_headings) / sizeof(figure_headings[0]); i++)
		table_cell(&table, "%s", figure_headings[i]);
	for (size_t i = 0; i < figure_count; i++) {
		table_cell(&table, "%s", figures[i].name);
		table_cell(&table, "%s", figure_unit_name(figures[i].unit));
		table_cell(&table, "%s", better_names[figures[i].better]);
		table_cell(&table, "%s", figures[i].live != LIVE_NOT ? "yes" : "");
		table_cell(&table, "%s", figures[i].help);
	}
	table_end(&table, "", stdout);
}

/* With where a value comes from: SQL that anyone may run, the run's id for ?1. */
static void
figures_json(struct json *j)
{
	for (size_t i = 0; i < figure_count; i++) {
		const struct figure *figure = &figures[i];
		const char *better = better_names[figure->better];

		json_object(j, NULL);
		json_text(j, "name", figure->name);
		json_text(j, "unit", figure_unit_name(figure->unit));
		json_text(j, "better", better[0] != '\0' ? better : NULL);
		json_bool(j, "live", figure->live != LIVE_NOT);
		json_text(j, "help", figure->help);
		json_text(j, "sql", figure->sql);
		json_text(j, "latency", figure->latency);
		if (figure->latency != NULL)
			json_real(j, "quantile", figure->quantile);
		json_end_object(j);
	}
}

static int
print(const struct option_table *table, int argc, char **argv, void (*text)(void),
      void (*entries)(struct json *j))
{
	struct table_options given = { 0 };
	int first = option_parse(table, argc, argv, &given, stderr);
	struct json j;

	if (first == OPTION_ERROR)
		return EXIT_USAGE;
	if (first == OPTION_HELP)
		return command_flush();
	if (given.json) {
		json_begin(&j, stdout);
		json_array(&j, NULL);
		entries(&j);
		json_end_array(&j);
		putchar('\n');
	} else {
		text();
	}
	return command_flush();
}

int
command_resources(int argc, char **argv)
{
	return print(&resources_options, argc, argv, resources_text, resources_json);
}

int
command_limits(int argc, char **argv)
{
	return print(&limits_options, argc, argv, limits_text, limits_json);
}

int
command_figures(int argc, char **argv)
{
	return print(&figures_options, argc, argv, figures_text, figures_json);
}
