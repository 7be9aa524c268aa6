#include "plan/plan_custom.h"

#include <inttypes.h>
#include <string.h>

#include "plan/guess.h"
#include "plan/plan.h"

#define MIB               (INT64_C(1) << 20)

#define GUARD_PERCENT_MAX 90
#define GUARD_BYTES_MIN   (16 * MIB)
#define GUARD_BYTES_MAX   (MIB << 20)

/* Says which limits there are, or which one was meant. */
static int
limit_reject(const char *name, size_t length, FILE *why)
{
	struct guess guess = { .word = name, .length = length };

	for (int i = 0; i < LIMIT_COUNT; i++)
		guess_try(&guess, limit_specs[i].name);
	fputs("no such limit; ", why);
	if (guess.best) {
		fprintf(why, "did you mean %s?", guess.best);
		return -1;
	}
	fputs("allowed are ", why);
	for (int i = 0; i < LIMIT_COUNT; i++)
		fprintf(why, "%s%s",
			i == 0                ? ""
			: i < LIMIT_COUNT - 1 ? ", "
					      : " and ",
			limit_specs[i].name);
	return -1;
}

/* NAME=VALUE into the plan's limits. */
static int
limit_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	size_t length = strcspn(arg, "=");
	int limit = limit_find(arg, length);
	const char *allowed;
	int64_t value;

	(void)spec;
	if (limit == -1)
		return limit_reject(arg, length, why);
	allowed = units_parse(UNIT_COUNT, arg[length] ? arg + length + 1 : "", &value);
	if (allowed) {
		fprintf(why, "not NAME=VALUE; give %s= and %s", limit_specs[limit].name,
			allowed);
		return -1;
	}
	if (value < limit_specs[limit].min || value > limit_specs[limit].max) {
		fprintf(why, "out of range; allowed are %" PRId64 " to %" PRId64,
			limit_specs[limit].min, limit_specs[limit].max);
		return -1;
	}
	plan->limit[limit] = value;
	return 0;
}

static void
limit_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct plan *plan = base;

	for (int i = 0; i < LIMIT_COUNT; i++) {
		if (plan->limit[i] >= 0)
			fprintf(out, "  --%s %s=%" PRId64 "\n", spec->name,
				limit_specs[i].name, plan->limit[i]);
	}
}

static void
limit_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct plan *plan = base;

	json_object(j, spec->name);
	for (int i = 0; i < LIMIT_COUNT; i++) {
		if (plan->limit[i] >= 0)
			json_int(j, limit_specs[i].name, plan->limit[i]);
	}
	json_end_object(j);
}

const struct option_custom plan_limit_option = { limit_parse, limit_list, limit_json };

static int
percent_parse(const char *arg, int64_t *guard_bytes, FILE *why)
{
	char digits[8];
	size_t length = strlen(arg) - 1;
	int64_t percent = 0;

	if (length < sizeof(digits)) {
		memcpy(digits, arg, length);
		digits[length] = '\0';
		if (units_parse(UNIT_COUNT, digits, &percent))
			percent = 0;
	}
	if (percent < 1 || percent > GUARD_PERCENT_MAX) {
		fprintf(why, "not a share of memory; allowed are 1%% to %d%%",
			GUARD_PERCENT_MAX);
		return -1;
	}
	*guard_bytes = -percent;
	return 0;
}

/* A size, or a percentage of the host's memory, kept as a negative number. */
static int
guard_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	const char *allowed;
	int64_t value;

	(void)spec;
	if (arg[0] && arg[strlen(arg) - 1] == '%')
		return percent_parse(arg, &plan->guard_bytes, why);
	allowed = units_parse(UNIT_BYTES, arg, &value);
	if (allowed) {
		fprintf(why, "not a size; give %s, or a share such as 5%%", allowed);
		return -1;
	}
	if (value < GUARD_BYTES_MIN || value > GUARD_BYTES_MAX) {
		fputs("out of range; allowed are 16Mi to 1024Gi, or a share such as 5%, "
		      "or --no-guard",
		      why);
		return -1;
	}
	plan->guard_bytes = value;
	return 0;
}

static void
guard_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct plan *plan = base;
	char buf[UNITS_TEXT_SIZE];

	if (plan->guard_bytes < 0)
		fprintf(out, "  --%s %" PRId64 "%%\n", spec->name, -plan->guard_bytes);
	else if (plan->guard_bytes > 0)
		fprintf(out, "  --%s %s\n", spec->name,
			units_format_exact(UNIT_BYTES, plan->guard_bytes, buf));
}

static void
guard_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct plan *plan = base;

	json_int(j, spec->name, plan->guard_bytes);
}

const struct option_custom plan_guard_option = { guard_parse, guard_list, guard_json };
