/* What a run would meet here, before it is made. */
#include "cmd/command.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "plan/checkup.h"
#include "plan/plan_resolve.h"
#include "plan/remedy.h"
#include "report/table.h"
#include "run/isolate.h"
#include "sample/target_survey.h"

/* A limit this many times the target away is in nobody's way: --all shows it too. */
#define FAR 4

/* What is known of a plan and of where it would run. plan is the first: its options fill
 * it. */
struct doctor {
	struct plan plan;
	int64_t all;
	struct host host;
	struct host_net net;
	struct checkup checkup;
	char *refused; /* what "brink run" would say, "" where it would begin */
	char line[256];
	struct target_survey *target; /* NULL: the server would be brink's own */
};

/* The file that holds the limit of a row, "" where no file does. */
static const char *
file_of(const struct doctor *d, const struct ceiling *row)
{
	if (strcmp(row->id, "pids-cgroup") == 0)
		return d->host.cgroup_pids.file;
	if (strcmp(row->id, "memory-cgroup") == 0)
		return d->host.cgroup_memory.file;
	return "";
}

static size_t
remedies(const struct doctor *d, const struct ceiling *row,
	 struct remedy list[REMEDY_MAX])
{
	/* What is not there need not be raised, nor what is not reserved be freed. */
	if (row->of.max == INT64_MAX ||
	    (strcmp(row->id, "reserved-ports") == 0 && row->of.used == 0))
		return 0;
	return remedy_list(&d->plan, row, checkup_raise_to(&d->plan, row),
			   file_of(d, row), list);
}

static void
amount(enum unit unit, int64_t value, char *buf)
{
	if (value == INT64_MAX)
		snprintf(buf, UNITS_TEXT_SIZE, "no limit");
	else
		units_format(unit, value, buf);
}

static bool
is_met_early(const struct doctor *d, const struct ceiling *row)
{
	return row->low >= 0 && row->low < plan_target(&d->plan);
}

/* What held connections meet within reach of the target, and always the first. */
static bool
is_shown(const struct doctor *d, const struct ceiling *row)
{
	return d->all || (row->low >= 0 && row->low / FAR < plan_target(&d->plan)) ||
	       row == checkup_first(d->checkup.list, d->checkup.count);
}

static size_t
hidden_count(const struct doctor *d)
{
	size_t count = 0;

	for (size_t i = 0; i < d->checkup.count; i++)
		count += !is_shown(d, &d->checkup.list[i]);
	return count;
}

static void
table_print(const struct doctor *d)
{
	struct table table;

	table_begin(&table, "rlrrl");
	table_cell(&table, "connections");
	table_cell(&table, "limit");
	table_cell(&table, "used");
	table_cell(&table, "of");
	table_cell(&table, "how it counts");
	for (size_t i = 0; i < d->checkup.count; i++) {
		const struct ceiling *row = &d->checkup.list[i];
		char met[UNITS_TEXT_SIZE] = "-", used[UNITS_TEXT_SIZE],
		     max[UNITS_TEXT_SIZE];

		if (!is_shown(d, row))
			continue;
		if (row->low >= 0)
			units_format(UNIT_COUNT, row->low, met);
		if (row->of.max == INT64_MAX)
			strlcpy(used, "-", sizeof(used));
		else
			amount(row->unit, row->of.used, used);
		amount(row->unit, row->of.max, max);
		table_cell(&table, "%s%s", met, is_met_early(d, row) ? " !" : "");
		table_cell(&table, "%s", row->id);
		table_cell(&table, "%s", used);
		table_cell(&table, "%s", max);
		table_cell(&table, "%s: %s", row->name, row->sum);
	}
	table_end(&table, "  ", stdout);
}

static void
remedies_print(const struct doctor *d)
{
	struct table table;

	table_begin(&table, "lll");
	table_cell(&table, "limit");
	table_cell(&table, "command");
	table_cell(&table, "lasts");
	for (size_t i = 0; i < d->checkup.count; i++) {
		const struct ceiling *row = &d->checkup.list[i];
		struct remedy list[REMEDY_MAX];
		size_t count = is_shown(d, row) ? remedies(d, row, list) : 0;

		for (size_t k = 0; k < count; k++) {
			table_cell(&table, "%s", k == 0 ? row->id : "");
			table_cell(&table, "%s", list[k].command);
			table_cell(&table, "%s", list[k].lasts);
		}
	}
	table_end(&table, "  ", stdout);
}

static const struct ceiling *
first_after(const struct doctor *d, const struct ceiling *row)
{
	const struct ceiling *end = d->checkup.list + d->checkup.count;

	return checkup_first(row + 1, (size_t)(end - row - 1));
}

/* How many connections, what stands against more, and what to do about it. */
static void
answer_print(const struct doctor *d)
{
	const struct ceiling *first = checkup_first(d->checkup.list, d->checkup.count);
	const struct ceiling *next = first != NULL ? first_after(d, first) : NULL;
	char target[UNITS_TEXT_SIZE], met[UNITS_TEXT_SIZE];
	struct remedy list[REMEDY_MAX];

	units_format(UNIT_COUNT, plan_target(&d->plan), target);
	if (first == NULL) {
		printf("This host: no limit that is known is met by %s connections\n",
		       target);
		return;
	}
	printf("This host: about %s connections with this plan",
	       units_format(UNIT_COUNT, first->low, met));
	if (d->plan.clients > 0)
		printf(", %s the target of %s",
		       is_met_early(d, first) ? "short of" : "enough for", target);
	putchar('\n');
	printf("  limited by  %s (%s): %s\n", first->name, first->id, first->sum);
	if (remedies(d, first, list) > 0)
		printf("  raise it    %s (%s)\n", list[0].command, list[0].lasts);
	if (next != NULL)
		printf("  then        %s (%s), at %s\n", next->name, next->id,
		       units_format(UNIT_COUNT, next->low, met));
}

static void
blinds_print(void)
{
	printf("\nWithout a number before a run\n");
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].blind != NULL)
			printf("  %-15s %s\n", limit_rules[i].id, limit_rules[i].blind);
}

/* What may be read of it is a matter of rights: what may not is said to be unknown. */
static void
target_row(struct table *table, const struct survey_process *process)
{
	char fds[UNITS_TEXT_SIZE] = "unknown", nofile[UNITS_TEXT_SIZE] = "unknown";
	char room[UNITS_TEXT_SIZE] = "unknown";

	if (process->fds >= 0)
		units_format(UNIT_COUNT, process->fds, fds);
	if (process->nofile >= 0)
		amount(UNIT_COUNT, process->nofile, nofile);
	if (process->fds >= 0 && process->nofile >= process->fds)
		units_format(UNIT_COUNT, process->nofile - process->fds, room);
	table_cell(table, "%s (pid %d)", process->name, process->pid);
	table_cell(table, "%s", fds);
	table_cell(table, "%s", nofile);
	table_cell(table, "%s", room);
}

static void
target_print(const struct doctor *d)
{
	const struct target_survey *t = d->target;
	struct table table;

	printf("\nTarget %s: ", d->plan.target);
	if (!t->listens)
		printf("nobody is seen to listen there in this network namespace");
	else
		printf("%zu listener%s, backlog %lld, %lld queued", t->listeners,
		       t->listeners == 1 ? "" : "s", (long long)t->backlog,
		       (long long)t->queue);
	printf("\n");
	if (t->count == 0) {
		printf(
		    "  none of its processes can be seen: give them by --target-pid%s\n",
		    d->host.uid != 0 ? ", or look as root or as its user" : "");
		return;
	}
	table_begin(&table, "lrrr");
	table_cell(&table, "process");
	table_cell(&table, "open files");
	table_cell(&table, "of");
	table_cell(&table, "connections left");
	for (size_t i = 0; i < t->count; i++)
		target_row(&table, &t->processes[i]);
	table_end(&table, "  ", stdout);
}

static void
print_text(const struct doctor *d)
{
	char target[UNITS_TEXT_SIZE], memory[UNITS_TEXT_SIZE];
	struct utsname name;

	uname(&name);
	answer_print(d);
	if (d->refused[0] != '\0')
		printf("as it is the run would not begin: %s", d->refused);
	printf("\nhost %s, Linux %s · %lld CPUs, %s of memory · user %lld\nplan ",
	       name.nodename, name.release, (long long)d->host.cpus,
	       units_format(UNIT_BYTES, d->host.memory_bytes, memory),
	       (long long)d->host.uid);
	plan_summary(&d->plan, stdout);
	putchar('\n');
	if (d->target != NULL)
		target_print(d);
	printf("\nLimits, by the connections at which each is met (!: before the "
	       "target of "
	       "%s)\n",
	       units_format(UNIT_COUNT, plan_target(&d->plan), target));
	table_print(d);
	printf("\nHow to raise each: to what the target needs, or to twice what it is\n");
	remedies_print(d);
	if (d->all)
		blinds_print();
	else if (hidden_count(d) > 0)
		printf("\n%zu more limits are far from this target or have no number "
		       "before a run: --all shows them\n",
		       hidden_count(d));
}

static void
count_json(struct json *j, const char *name, int64_t value, int64_t none)
{
	if (value == none)
		json_null(j, name);
	else
		json_int(j, name, value);
}

static void
row_json(const struct doctor *d, const struct ceiling *row, struct json *j)
{
	struct remedy list[REMEDY_MAX];
	size_t count = remedies(d, row, list);

	json_object(j, NULL);
	json_text(j, "id", row->id);
	json_text(j, "name", row->name);
	json_text(j, "unit", units_name(row->unit));
	json_int(j, "used", row->of.used);
	count_json(j, "limit", row->of.max, INT64_MAX);
	count_json(j, "connections_low", row->low, -1);
	count_json(j, "connections_high", row->high, -1);
	json_bool(j, "before_target", is_met_early(d, row));
	json_text(j, "sum", row->sum);
	json_array(j, "raise");
	for (size_t i = 0; i < count; i++) {
		json_object(j, NULL);
		json_text(j, "command", list[i].command);
		json_text(j, "lasts", list[i].lasts);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void
target_json(const struct target_survey *t, struct json *j)
{
	json_object(j, "target_seen");
	json_int(j, "listeners", (int64_t)t->listeners);
	count_json(j, "backlog", t->listens ? t->backlog : -1, -1);
	count_json(j, "queue", t->listens ? t->queue : -1, -1);
	json_array(j, "processes");
	for (size_t i = 0; i < t->count; i++) {
		json_object(j, NULL);
		json_int(j, "pid", t->processes[i].pid);
		json_text(j, "name", t->processes[i].name);
		count_json(j, "fds", t->processes[i].fds, -1);
		count_json(j, "nofile", t->processes[i].nofile, -1);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void
print_json(const struct doctor *d)
{
	const struct ceiling *first = checkup_first(d->checkup.list, d->checkup.count);
	struct json j;

	json_document(&j, stdout);
	json_int(&j, "target", plan_target(&d->plan));
	json_text(&j, "first", first ? first->id : NULL);
	json_text(&j, "summary", d->line);
	json_text(&j, "refused", d->refused[0] != '\0' ? d->refused : NULL);
	json_array(&j, "limits");
	for (size_t i = 0; i < d->checkup.count; i++)
		row_json(d, &d->checkup.list[i], &j);
	json_end_array(&j);
	json_object(&j, "without_number");
	for (size_t i = 0; i < limit_rule_count; i++)
		if (limit_rules[i].blind != NULL)
			json_text(&j, limit_rules[i].id, limit_rules[i].blind);
	json_end_object(&j);
	if (d->target != NULL)
		target_json(d->target, &j);
	json_end_document(&j);
}

/* What "brink run" would refuse the plan for is told, not refused: it is what the doctor
 * is asked about. */
static int
check(struct doctor *d)
{
	size_t size;
	FILE *out = open_memstream(&d->refused, &size);

	if (out == NULL)
		return -1;
	plan_check(&d->plan, &d->host, out);
	return fclose(out);
}

static int
examine(struct doctor *d)
{
	char *standard = d->plan.db ? NULL : db_default_path();
	const struct ceiling *first;
	struct host_ceiling disk;

	host_read(&d->host, d->plan.uid);
	if (plan_settle(&d->plan, &d->host, stderr) == -1 ||
	    isolate(&d->plan, stderr) == -1) {
		free(standard);
		return EXIT_USAGE;
	}
	host_read(&d->host, d->plan.uid);
	host_net_read(&d->net);
	host_disk_read(standard ? standard : d->plan.db, &disk);
	free(standard);
	checkup_make(&d->plan, &d->host, &d->net, &disk, &d->checkup);
	first = checkup_first(d->checkup.list, d->checkup.count);
	checkup_first_line(&d->plan, first, d->line, sizeof(d->line));
	if (plan_is_external(&d->plan)) {
		d->target = calloc(1, sizeof(*d->target));
		if (d->target == NULL || target_survey(&d->plan, d->target) == -1)
			return EXIT_FAILED;
	}
	if (check(d) == -1)
		return EXIT_FAILED;
	(d->plan.json ? print_json : print_text)(d);
	return command_flush();
}

/* The options of "brink run" and --all, to be freed. */
static struct option_spec *
specs_make(void)
{
	static const struct option_spec all = {
		.name = "all",
		.type = OPTION_FLAG,
		.offset = offsetof(struct doctor, all),
		.group = "doctor",
		.help = "every limit, also those that are far from the target",
	};
	struct option_spec *specs = calloc(plan_options.count + 1, sizeof(*specs));

	if (specs == NULL)
		fatal("cannot hold the options");
	memcpy(specs, plan_options.specs, plan_options.count * sizeof(*specs));
	specs[plan_options.count] = all;
	return specs;
}

int
command_doctor(int argc, char **argv)
{
	struct option_table table = plan_options;
	struct option_spec *specs = specs_make();
	struct doctor d = { 0 };
	int parsed, code;

	table.specs = specs;
	table.count++;
	table.command = "doctor";
	table.section = "run";
	table.summary = "Says which limits there are here, what a run with these options "
			"would meet first and at how\nmany connections, and how to raise "
			"each. Takes every option of \"brink run\", so that its\ncommand "
			"line can be asked about as it is; starts nothing.";
	parsed = plan_parse_for(&table, &d.plan, argc, argv, stderr);
	if (parsed == 0)
		code = examine(&d);
	else
		code = parsed == 1 ? command_flush() : EXIT_USAGE;
	free(specs);
	free(d.refused);
	free(d.target);
	plan_free(&d.plan);
	return code;
}
