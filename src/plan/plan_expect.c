/* The options of "brink run" that are expectations, each a list. */
#include "plan/plan.h"
#include "plan/plan_custom.h"

static int
append(struct expectation_list *list, const char *arg, FILE *why)
{
	if (list->count == PLAN_EXPECTATIONS) {
		fprintf(why, "at most %d may be given", PLAN_EXPECTATIONS);
		return -1;
	}
	if (expectation_parse(&list->all[list->count], arg, why) == -1)
		return -1;
	list->count++;
	return 0;
}

static int
expect_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;

	(void)spec;
	return append(&plan->expect, arg, why);
}

/* What is only known at the end cannot end a run. */
static int
abort_on_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	struct expectation_list *list = &plan->abort_on;
	const char *between = "";

	(void)spec;
	if (append(list, arg, why) == -1)
		return -1;
	if (list->all[list->count - 1].figure->live != LIVE_NOT)
		return 0;
	fprintf(why, "%s is not known before the end; allowed are ",
		list->all[--list->count].figure->name);
	for (size_t i = 0; i < figure_count; i++) {
		if (figures[i].live == LIVE_NOT)
			continue;
		fprintf(why, "%s%s", between, figures[i].name);
		between = ", ";
	}
	return -1;
}

static void
list_write(const struct option_spec *spec, const struct expectation_list *list, FILE *out)
{
	char text[EXPECTATION_TEXT_SIZE];

	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "  --%s '%s'\n", spec->name,
			expectation_text(&list->all[i], text));
}

static void
list_json(const struct option_spec *spec, const struct expectation_list *list,
	  struct json *j)
{
	char text[EXPECTATION_TEXT_SIZE];

	json_array(j, spec->name);
	for (size_t i = 0; i < list->count; i++)
		json_text(j, NULL, expectation_text(&list->all[i], text));
	json_end_array(j);
}

static void
expect_list(const struct option_spec *spec, const void *base, FILE *out)
{
	list_write(spec, &((const struct plan *)base)->expect, out);
}

static void
expect_json(const struct option_spec *spec, const void *base, struct json *j)
{
	list_json(spec, &((const struct plan *)base)->expect, j);
}

static void
abort_on_list(const struct option_spec *spec, const void *base, FILE *out)
{
	list_write(spec, &((const struct plan *)base)->abort_on, out);
}

static void
abort_on_json(const struct option_spec *spec, const void *base, struct json *j)
{
	list_json(spec, &((const struct plan *)base)->abort_on, j);
}

const struct option_custom plan_expect_option = { expect_parse, expect_list,
						  expect_json };
const struct option_custom plan_abort_on_option = { abort_on_parse, abort_on_list,
						    abort_on_json };
