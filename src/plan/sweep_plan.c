#include "plan/sweep_plan.h"

#include <stdlib.h>
#include <string.h>

static const char *
twice(const struct sweep_plan *plan, const struct vary *added)
{
	for (size_t i = 0; i < plan->count; i++)
		for (size_t k = 0; k < plan->varies[i].names; k++)
			for (size_t n = 0; n < added->names; n++)
				if (strcmp(plan->varies[i].name[k], added->name[n]) == 0)
					return added->name[n];
	return NULL;
}

/* Where it may not be added, why. */
static int
check(const struct sweep_plan *plan, const struct vary *added, FILE *why)
{
	const char *name = twice(plan, added);

	if (name)
		fprintf(why, "\"%s\" varies already; give all of its values at once",
			name);
	else if (sweep_plan_points(plan) > SWEEP_POINTS_MAX / added->values)
		fprintf(why, "the values make more than %d points together",
			SWEEP_POINTS_MAX);
	else
		return 0;
	return -1;
}

int
sweep_plan_add(struct sweep_plan *plan, const struct option_table *table,
	       const char *text, FILE *why)
{
	struct vary added, *more;

	if (vary_parse(table, text, &added, why))
		return -1;
	if (check(plan, &added, why)) {
		vary_free(&added);
		return -1;
	}
	more = reallocarray(plan->varies, plan->count + 1, sizeof(*more));
	if (!more) {
		fputs("there is no memory for its values", why);
		vary_free(&added);
		return -1;
	}
	plan->varies = more;
	plan->varies[plan->count++] = added;
	return 0;
}

void
sweep_plan_free(struct sweep_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		vary_free(&plan->varies[i]);
	free(plan->varies);
	memset(plan, 0, sizeof(*plan));
}

size_t
sweep_plan_points(const struct sweep_plan *plan)
{
	size_t points = 1;

	for (size_t i = 0; i < plan->count; i++)
		points *= plan->varies[i].values;
	return points;
}

size_t
sweep_plan_settings(const struct sweep_plan *plan)
{
	size_t settings = 0;

	for (size_t i = 0; i < plan->count; i++)
		settings += plan->varies[i].names;
	return settings;
}

struct sweep_setting
sweep_plan_setting(const struct sweep_plan *plan, size_t point, size_t seq)
{
	const struct vary *vary = plan->varies;
	size_t each = sweep_plan_points(plan) / vary->values;

	while (seq >= vary->names) {
		point %= each;
		seq -= vary->names;
		vary++;
		each /= vary->values;
	}
	return (struct sweep_setting){
		.name = vary->name[seq],
		.value = vary->value[point / each * vary->names + seq],
		.axis = (size_t)(vary - plan->varies),
	};
}

char *
sweep_setting_argument(const char *name, const char *value)
{
	static const char prefix[] = VARY_LIMIT_PREFIX;
	const size_t length = sizeof(prefix) - 1;
	char *argument;
	int written;

	if (strncmp(name, prefix, length) == 0)
		written = asprintf(&argument, "--limit=%s=%s", name + length, value);
	else
		written = asprintf(&argument, "--%s=%s", name, value);
	return written == -1 ? NULL : argument;
}
