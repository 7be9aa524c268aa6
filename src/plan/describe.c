/* What --dry-run says: as text and as JSON, from the same facts. */
#include "plan/plan.h"

#include "base/clock.h"
#include "model/role.h"
#include "plan/ceiling.h"

/* A guess at what the store will hold, made before anything is measured. */
#define READINGS_PER_PROCESS 10
#define READINGS_PER_TICK    80
#define BYTES_PER_READING    6

/* Everything but the settings. */
struct outlook {
	struct {
		const char *role;
		int64_t count;
	} processes[8];
	size_t roles;
	int64_t schedule_us; /* -1: nobody can know */
	int64_t longest_us;  /* of the whole run */
	int64_t ticks, readings, bytes;
	struct ceiling ceilings[CEILING_MAX];
	size_t ceiling_count;
};

static void
processes_count(const struct plan *plan, struct outlook *o)
{
	const int64_t handlers = plan->handler == HANDLER_FORK ? plan_target(plan) : 0;
	const struct {
		enum role role;
		int64_t count;
	} roles[] = {
		{ ROLE_SUPERVISOR, 1 },
		{ ROLE_SAMPLER, 1 },
		{ ROLE_RECORDER, 1 },
		{ ROLE_CANARY, 1 },
		{ ROLE_ACCEPTOR, plan_is_external(plan) ? 0 : plan->acceptors },
		{ ROLE_FORKER, plan->forkers },
		{ ROLE_CLIENT, plan_client_processes(plan) },
		{ ROLE_HANDLER, handlers },
	};

	o->roles = 0;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (roles[i].count == 0)
			continue;
		o->processes[o->roles].role = role_name(roles[i].role);
		o->processes[o->roles++].count = roles[i].count;
	}
}

static int64_t
sampled_each(int64_t count)
{
	return count < PLAN_SAMPLED_EACH ? count : PLAN_SAMPLED_EACH;
}

/* All of the outlook that is not of the host. */
static void
course_make(const struct plan *plan, struct outlook *o)
{
	int64_t held_us = plan->duration_us;
	int64_t handlers = plan->handler == HANDLER_FORK ? plan_target(plan) : 0;

	o->schedule_us = plan_schedule_us(plan);
	if (o->schedule_us >= 0 && o->schedule_us < held_us)
		held_us = o->schedule_us;
	o->longest_us =
	    plan->baseline_us + plan->cycles * (held_us + plan->recovery_timeout_us);
	o->ticks = o->longest_us / plan->interval_us + 1;
	o->readings =
	    (plan->acceptors + plan->forkers + sampled_each(plan_client_processes(plan)) +
	     sampled_each(handlers) + PLAN_OWN_PROCESSES) *
		READINGS_PER_PROCESS +
	    READINGS_PER_TICK;
	o->bytes = o->ticks * o->readings * BYTES_PER_READING;
}

static void
outlook_make(const struct plan *plan, const struct host *host, struct outlook *o)
{
	processes_count(plan, o);
	course_make(plan, o);
	o->ceiling_count = ceiling_list(plan, host, o->ceilings);
}

struct plan_cost
plan_cost(const struct plan *plan)
{
	struct outlook o;

	course_make(plan, &o);
	return (struct plan_cost){ .us = o.longest_us, .bytes = o.bytes };
}

static const char *
plural(int64_t count)
{
	return count == 1 ? "" : "s";
}

/* "4 acceptors", or "target 127.0.0.1:80 (http)" */
static void
server_print(const struct plan *plan, FILE *out)
{
	if (plan_is_external(plan))
		fprintf(out, "target %s (%s)", plan->target, plan->protocol);
	else
		fprintf(out, "%lld acceptor%s", (long long)plan->acceptors,
			plural(plan->acceptors));
}

void
plan_summary(const struct plan *plan, FILE *out)
{
	int64_t clients = plan_client_processes(plan);
	char text[3][UNITS_TEXT_SIZE];

	fprintf(out, "%s connections at most: ",
		units_format(UNIT_COUNT, plan_target(plan), text[0]));
	server_print(plan, out);
	fprintf(out, ", %lld forker%s, %s client%s of up to %s, %lld source address%s",
		(long long)plan->forkers, plural(plan->forkers),
		units_format(UNIT_COUNT, clients, text[1]), plural(clients),
		units_format(UNIT_COUNT, plan->per_client, text[2]),
		(long long)plan->sources, plan->sources == 1 ? "" : "es");
}

static void
processes_print(const struct outlook *o, FILE *out)
{
	char text[UNITS_TEXT_SIZE];

	fputs("\nprocesses\n", out);
	for (size_t i = 0; i < o->roles; i++)
		fprintf(out, "  %9s %s%s\n",
			units_format(UNIT_COUNT, o->processes[i].count, text),
			o->processes[i].role, plural(o->processes[i].count));
}

static void
ramp_print(const struct plan *plan, FILE *out)
{
	int64_t each = plan_target(plan) / plan->steps;
	char count[UNITS_TEXT_SIZE], plateau[UNITS_TEXT_SIZE], time[UNITS_TEXT_SIZE];

	fprintf(out, "  %lld x ramp   %s%s connections ", (long long)plan->steps,
		each * plan->steps == plan_target(plan) ? "" : "about ",
		units_format(UNIT_COUNT, each, count));
	if (plan->rate == 0)
		fputs("as fast as the server accepts", out);
	else
		fprintf(out, "in %s",
			units_format(UNIT_US, each * US_PER_S / plan->rate, time));
	fprintf(out, ", then plateau %s\n",
		units_format(UNIT_US, plan->plateau_us, plateau));
}

static void
course_print(const struct plan *plan, const struct outlook *o, FILE *out)
{
	char text[3][UNITS_TEXT_SIZE];

	fprintf(out, "\ncourse\n  baseline   %s\n",
		units_format(UNIT_US, plan->baseline_us, text[0]));
	ramp_print(plan, out);
	fprintf(out, "  hold       %s\n", units_format(UNIT_US, plan->hold_us, text[0]));
	fprintf(out, "  release    %s after the first attempt at the latest",
		units_format(UNIT_US, plan->duration_us, text[0]));
	if (o->schedule_us > plan->duration_us)
		fprintf(out, ": the schedule would take %s, the release cuts it short",
			units_format(UNIT_US, o->schedule_us, text[1]));
	fprintf(out, "\n  recovery   at most %s\n",
		units_format(UNIT_US, plan->recovery_timeout_us, text[2]));
	if (plan->cycles > 1)
		fprintf(out, "  %lld x all of this but the baseline\n",
			(long long)plan->cycles);
	fprintf(out, "  After a breaking point the release comes %s later.\n",
		units_format(UNIT_US, plan->linger_us, text[0]));
}

static void
ceiling_print(const struct plan *plan, const struct ceiling *ceiling, FILE *out)
{
	char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];

	units_format(UNIT_COUNT, ceiling->low, low);
	if (ceiling->low > PLAN_CLIENTS_MAX)
		snprintf(low, sizeof(low), "over %s",
			 units_format(UNIT_COUNT, PLAN_CLIENTS_MAX, high));
	fprintf(out, "  %14s  %s: %s", low, ceiling->name, ceiling->sum);
	if (ceiling->high > ceiling->low)
		fprintf(out, "; the first between %s and %s", low,
			units_format(UNIT_COUNT, ceiling->high, high));
	fputs(ceiling->low < plan_target(plan) ? "  <- before the target\n" : "\n", out);
}

void
plan_describe(const struct plan *plan, FILE *out)
{
	char text[4][UNITS_TEXT_SIZE];
	struct host host;
	struct outlook o;

	host_read(&host, plan->uid);
	outlook_make(plan, &host, &o);
	option_list(&plan_options, plan, out);
	fputc('\n', out);
	plan_summary(plan, out);
	fputc('\n', out);
	processes_print(&o, out);
	course_print(plan, &o, out);
	fprintf(out,
		"\nceilings known before a start, by connections; the target is %s\n",
		units_format(UNIT_COUNT, plan_target(plan), text[0]));
	for (size_t i = 0; i < o.ceiling_count; i++)
		ceiling_print(plan, &o.ceilings[i], out);
	fprintf(out,
		"\ndata\n  about %s at most, an estimate: %s ticks, %s readings each\n",
		units_format(UNIT_BYTES, o.bytes, text[1]),
		units_format(UNIT_COUNT, o.ticks, text[2]),
		units_format(UNIT_COUNT, o.readings, text[3]));
}

static void
course_json(const struct plan *plan, const struct outlook *o, struct json *j)
{
	json_object(j, "course");
	json_int(j, "baseline_us", plan->baseline_us);
	json_array(j, "step_targets");
	for (int64_t step = 0; step < plan->steps; step++)
		json_int(j, NULL, plan_step_target(plan, step));
	json_end_array(j);
	json_int(j, "plateau_us", plan->plateau_us);
	json_int(j, "hold_us", plan->hold_us);
	json_known(j, "schedule_us", o->schedule_us);
	json_bool(j, "cut_short", o->schedule_us > plan->duration_us);
	json_int(j, "cycles", plan->cycles);
	json_int(j, "longest_us", o->longest_us);
	json_end_object(j);
}

static void
ceilings_json(const struct outlook *o, struct json *j)
{
	json_array(j, "ceilings");
	for (size_t i = 0; i < o->ceiling_count; i++) {
		json_object(j, NULL);
		json_text(j, "id", o->ceilings[i].id);
		json_text(j, "name", o->ceilings[i].name);
		json_int(j, "low", o->ceilings[i].low);
		json_int(j, "high", o->ceilings[i].high);
		json_text(j, "sum", o->ceilings[i].sum);
		json_end_object(j);
	}
	json_end_array(j);
}

void
plan_describe_json(const struct plan *plan, FILE *out)
{
	struct host host;
	struct outlook o;
	struct json j;

	host_read(&host, plan->uid);
	outlook_make(plan, &host, &o);
	json_document(&j, out);
	json_object(&j, "plan");
	option_json(&plan_options, plan, &j);
	json_end_object(&j);
	json_object(&j, "processes");
	for (size_t i = 0; i < o.roles; i++)
		json_int(&j, o.processes[i].role, o.processes[i].count);
	json_end_object(&j);
	course_json(plan, &o, &j);
	ceilings_json(&o, &j);
	json_object(&j, "data");
	json_int(&j, "ticks", o.ticks);
	json_int(&j, "readings_per_tick", o.readings);
	json_int(&j, "estimated_bytes", o.bytes);
	json_end_object(&j);
	json_end_document(&j);
}
