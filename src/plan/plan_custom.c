#include "plan/plan_custom.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "plan/plan.h"
#include "plan/suggest.h"
#include "plan/tag_name.h"

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

static void
expect_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	if (value->text != NULL)
		strlcpy(arg, value->text, OPTION_STORED_SIZE);
}

const struct option_custom plan_expect_option = { expect_parse, expect_list, expect_json,
						  expect_retype };
const struct option_custom plan_abort_on_option = { abort_on_parse, abort_on_list,
						    abort_on_json, expect_retype };

static int
tag_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct tag_list *tags = &((struct plan *)base)->tags;
	const char *problem = tag_name_check(arg, strcspn(arg, "="));

	(void)spec;
	if (problem != NULL)
		fputs(problem, why);
	else if (strlen(arg) >= PLAN_TAG_SIZE)
		fprintf(why, "a name and its value have at most %d bytes",
			PLAN_TAG_SIZE - 1);
	else if (tags->count == PLAN_TAGS)
		fprintf(why, "at most %d may be given", PLAN_TAGS);
	else {
		strlcpy(tags->all[tags->count++], arg, PLAN_TAG_SIZE);
		return 0;
	}
	return -1;
}

static void
tag_list_write(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct tag_list *tags = &((const struct plan *)base)->tags;

	for (size_t i = 0; i < tags->count; i++) {
		char *escaped = escape_text(tags->all[i]);

		fprintf(out, "  --%s '%s'\n", spec->name, escaped);
		free(escaped);
	}
}

static void
tag_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct tag_list *tags = &((const struct plan *)base)->tags;

	json_array(j, spec->name);
	for (size_t i = 0; i < tags->count; i++)
		json_text(j, NULL, tags->all[i]);
	json_end_array(j);
}

/* The most that kernel.pid_max may be: PID_MAX_LIMIT of the kernel. */
#define PID_LIMIT 4194304

static int
target_pid_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct pid_list *pids = &((struct plan *)base)->target_pids;
	int64_t pid;

	(void)spec;
	if (units_parse(UNIT_COUNT, arg, &pid) != NULL || pid < 1 || pid > PID_LIMIT)
		fprintf(why, "not a process id; allowed are 1 to %d", PID_LIMIT);
	else if (pids->count == PLAN_TARGET_PIDS)
		fprintf(why, "at most %d may be given", PLAN_TARGET_PIDS);
	else {
		pids->all[pids->count++] = pid;
		return 0;
	}
	return -1;
}

static void
target_pid_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct pid_list *pids = &((const struct plan *)base)->target_pids;

	for (size_t i = 0; i < pids->count; i++)
		fprintf(out, "  --%s %" PRId64 "\n", spec->name, pids->all[i]);
}

static void
target_pid_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct pid_list *pids = &((const struct plan *)base)->target_pids;

	json_array(j, spec->name);
	for (size_t i = 0; i < pids->count; i++)
		json_int(j, NULL, pids->all[i]);
	json_end_array(j);
}

static void
target_pid_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	if (value->text == NULL)
		snprintf(arg, OPTION_STORED_SIZE, "%" PRId64, value->number);
}

const struct option_custom plan_target_pid_option = { target_pid_parse, target_pid_list,
						      target_pid_json,
						      target_pid_retype };
const struct option_custom plan_tag_option = { tag_parse, tag_list_write, tag_json,
					       expect_retype };

#define MIB               (INT64_C(1) << 20)

#define GUARD_PERCENT_MAX 90
#define GUARD_BYTES_MIN   (16 * MIB)
#define GUARD_BYTES_MAX   (MIB << 20)

/* The last is no user: (uid_t)-1. */
#define UID_MAX          ((int64_t)UINT32_MAX)

#define RETAIN_BYTES_MAX (MIB << 10)

/* Says which limits there are, or which one was meant. */
static int
limit_reject(const char *name, size_t length, FILE *why)
{
	struct suggestion suggestion = { .word = name, .length = length };
	const char *before = "";
	int last = LIMIT_COUNT - 1;

	for (int i = 0; i < LIMIT_COUNT; i++)
		suggest_try(&suggestion, limit_spec((enum limit_name)i)->name);
	fputs("no such limit; ", why);
	if (suggestion.best) {
		fprintf(why, "did you mean %s?", suggestion.best);
		return -1;
	}
	while (limit_spec((enum limit_name)last)->refused)
		last--;
	fputs("allowed are ", why);
	for (int i = 0; i <= last; i++) {
		if (limit_spec((enum limit_name)i)->refused)
			continue;
		fprintf(why, "%s%s", i == last ? " and " : before,
			limit_spec((enum limit_name)i)->name);
		before = ", ";
	}
	return -1;
}

/* True of "FIRST-LAST"; *count is how many numbers that are. */
static bool
range_count(const char *text, int64_t *count)
{
	char first[UNITS_TEXT_SIZE];
	size_t length = strcspn(text, "-");
	int64_t from, to;

	if (text[length] != '-' || length >= sizeof(first))
		return false;
	strlcpy(first, text, length + 1);
	if (units_parse(UNIT_COUNT, first, &from) != NULL ||
	    units_parse(UNIT_COUNT, text + length + 1, &to) != NULL || to < from)
		return false;
	*count = to - from + 1;
	return true;
}

static int
limit_value(const struct limit_spec *limit, const char *arg, int64_t *value, FILE *why)
{
	size_t length = strcspn(arg, "=");
	const char *text = arg[length] ? arg + length + 1 : "";
	char min[UNITS_TEXT_SIZE], max[UNITS_TEXT_SIZE];

	if (text[0] == '\0') {
		fprintf(why, "not NAME=VALUE; give %.*s= and %s", (int)length, arg,
			units_parse(limit->unit, "", value));
		return -1;
	}
	if (range_count(text, value)) {
		fprintf(why, "a range; give how many there are: %.*s=%" PRId64,
			(int)length, arg, *value);
		return -1;
	}
	if (units_parse(limit->unit, text, value) != NULL) {
		units_explain(limit->unit, text, why);
		fprintf(why, " (%s)", limit->help);
		return -1;
	}
	if (*value < limit->min || *value > limit->max) {
		fprintf(why, "out of range; allowed are %s to %s",
			units_format_exact(limit->unit, limit->min, min),
			units_format_exact(limit->unit, limit->max, max));
		return -1;
	}
	return 0;
}

/* NAME=VALUE into the plan's limits. */
static int
limit_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	size_t length = strcspn(arg, "=");
	int64_t number, value;
	int limit = limit_find(arg, length, &number);

	(void)spec;
	if (limit == -1)
		return limit_reject(arg, length, why);
	if (limit_spec((enum limit_name)limit)->refused) {
		fprintf(why, "cannot be set for one run: %s",
			limit_spec((enum limit_name)limit)->refused);
		return -1;
	}
	if (number >= PLAN_ACCEPTORS_MAX) {
		fprintf(why, "no such acceptor; allowed are 0 to %d",
			PLAN_ACCEPTORS_MAX - 1);
		return -1;
	}
	if (limit_value(limit_spec((enum limit_name)limit), arg, &value, why) == -1)
		return -1;
	*(number >= 0 ? &plan->acceptor_nofile[number] : &plan->limit[limit]) = value;
	return 0;
}

/* What each() is given: the name as one would type it. */
static void
limits_each(const struct plan *plan,
	    void (*each)(const char *name, enum unit unit, int64_t value, void *arg),
	    void *arg)
{
	char name[32];

	for (int i = 0; i < LIMIT_COUNT; i++) {
		if (plan->limit[i] >= 0)
			each(limit_spec((enum limit_name)i)->name,
			     limit_spec((enum limit_name)i)->unit, plan->limit[i], arg);
	}
	for (int k = 0; k < PLAN_ACCEPTORS_MAX; k++) {
		if (plan->acceptor_nofile[k] < 0)
			continue;
		snprintf(name, sizeof(name), "%s.%d",
			 limit_spec(LIMIT_NOFILE_ACCEPTOR)->name, k);
		each(name, UNIT_COUNT, plan->acceptor_nofile[k], arg);
	}
}

static void
limit_line(const char *name, enum unit unit, int64_t value, void *arg)
{
	char text[UNITS_TEXT_SIZE];

	fprintf(arg, "  --limit %s=%s\n", name, units_format_exact(unit, value, text));
}

static void
limit_list(const struct option_spec *spec, const void *base, FILE *out)
{
	(void)spec;
	limits_each(base, limit_line, out);
}

static void
limit_member(const char *name, enum unit unit, int64_t value, void *arg)
{
	(void)unit;
	json_int(arg, name, value);
}

static void
limit_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_object(j, spec->name);
	limits_each(base, limit_member, j);
	json_end_object(j);
}

/* Base units are typed without one. */
static void
limit_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	if (value->member != NULL && value->text == NULL)
		snprintf(arg, OPTION_STORED_SIZE, "%s=%" PRId64, value->member,
			 value->number);
}

const struct option_custom plan_limit_option = { limit_parse, limit_list, limit_json,
						 limit_retype };

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
	int64_t value;

	(void)spec;
	if (arg[0] && arg[strlen(arg) - 1] == '%')
		return percent_parse(arg, &plan->guard_bytes, why);
	if (units_parse(UNIT_BYTES, arg, &value) != NULL) {
		units_explain(UNIT_BYTES, arg, why);
		fputs(", or a share such as 5%", why);
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

static void
number_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	if (value->member == NULL && value->text == NULL)
		snprintf(arg, OPTION_STORED_SIZE, "%" PRId64, value->number);
}

const struct option_custom plan_guard_option = { guard_parse, guard_list, guard_json,
						 number_retype };

/* NAME or UID, with the group that the user database gives it. */
static int
user_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	const struct passwd *user = getpwnam(arg);
	int64_t uid;

	(void)spec;
	if (!user && units_parse(UNIT_COUNT, arg, &uid) == NULL && uid < UID_MAX) {
		user = getpwuid((uid_t)uid);
		plan->uid = uid;
		plan->gid = user ? user->pw_gid : uid;
	} else if (user) {
		plan->uid = user->pw_uid;
		plan->gid = user->pw_gid;
	} else {
		fputs("no such user; give the name of one, or a number", why);
		return -1;
	}
	if (plan->uid == 0) {
		fputs("is root, whom the limits of a user do not hold; give another user",
		      why);
		return -1;
	}
	return 0;
}

static void
user_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct plan *plan = base;

	if (plan->uid >= 0)
		fprintf(out, "  --%s %" PRId64 "\n", spec->name, plan->uid);
}

static void
user_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct plan *plan = base;

	json_known(j, spec->name, plan->uid);
}

const struct option_custom plan_user_option = { user_parse, user_list, user_json,
						number_retype };

const char *const retain_words[RETAIN_COUNT] = { "conn", "msg", "s" };

static int
retain_per(const char *word)
{
	for (int i = 0; i < RETAIN_COUNT; i++)
		if (strcmp(retain_words[i], word) == 0)
			return i;
	return -1;
}

/* Says which part of a value of --retain is not understood, and what is allowed. */
static void
retain_explain(const char *slash, int per, FILE *why)
{
	if (slash == NULL)
		fputs("\"/conn\", \"/msg\" or \"/s\" is missing", why);
	else if (per == -1)
		fprintf(why, "\"%s\" is not known", slash);
	else
		fputs("its size is too long", why);
	fputs("; give a size per connection, message or second, such as 4Ki/conn, "
	      "100/msg or 64Ki/s",
	      why);
}

static int
retain_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct plan *plan = base;
	const char *slash = strchr(arg, '/');
	int per = slash != NULL ? retain_per(slash + 1) : -1;
	char size[UNITS_TEXT_SIZE];
	int64_t bytes;

	(void)spec;
	if (per == -1 || (size_t)(slash - arg) >= sizeof(size)) {
		retain_explain(slash, per, why);
		return -1;
	}
	strlcpy(size, arg, (size_t)(slash - arg) + 1);
	if (units_parse(UNIT_BYTES, size, &bytes) != NULL) {
		units_explain(UNIT_BYTES, size, why);
		return -1;
	}
	if (bytes < 1 || bytes > RETAIN_BYTES_MAX) {
		fprintf(why, "its size is out of range; allowed are 1/%s to 1Gi/%s",
			retain_words[per], retain_words[per]);
		return -1;
	}
	plan->retain[per] = bytes;
	return 0;
}

static void
retain_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct plan *plan = base;
	char buf[UNITS_TEXT_SIZE];

	for (int i = 0; i < RETAIN_COUNT; i++)
		if (plan->retain[i] > 0)
			fprintf(out, "  --%s %s/%s\n", spec->name,
				units_format_exact(UNIT_BYTES, plan->retain[i], buf),
				retain_words[i]);
}

static void
retain_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct plan *plan = base;

	json_object(j, spec->name);
	for (int i = 0; i < RETAIN_COUNT; i++)
		if (plan->retain[i] > 0)
			json_int(j, retain_words[i], plan->retain[i]);
	json_end_object(j);
}

static void
retain_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	if (value->member != NULL && value->text == NULL)
		snprintf(arg, OPTION_STORED_SIZE, "%" PRId64 "/%s", value->number,
			 value->member);
}

const struct option_custom plan_retain_option = { retain_parse, retain_list, retain_json,
						  retain_retype };
