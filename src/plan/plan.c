#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

int
plan_default(struct plan *plan)
{
	char command[] = "run", *argv[] = { command, NULL };

	return plan_parse(plan, 1, argv, stderr);
}

int
plan_parse(struct plan *plan, int argc, char **argv, FILE *err)
{
	return plan_parse_for(&plan_options, plan, argc, argv, err);
}

int
plan_parse_for(const struct option_table *table, struct plan *plan, int argc, char **argv,
	       FILE *err)
{
	int result;

	memset(plan, 0, sizeof(*plan));
	for (int i = 0; i < LIMIT_COUNT; i++)
		plan->limit[i] = -1;
	for (int i = 0; i < PLAN_ACCEPTORS_MAX; i++)
		plan->acceptor_nofile[i] = -1;
	plan->uid = plan->gid = -1;
	result = option_parse(table, argc, argv, plan, err);
	if (result == OPTION_HELP)
		return 1;
	if (result == OPTION_ERROR)
		return -1;
	if (table->runs && result < argc)
		plan->command = argv + result;
	return 0;
}

void
plan_free(struct plan *plan)
{
	option_free(&plan_options, plan);
}

int64_t
plan_target(const struct plan *plan)
{
	return plan->clients > 0 ? plan->clients : PLAN_CLIENTS_MAX;
}

bool
plan_is_external(const struct plan *plan)
{
	return plan->target != NULL;
}

int
plan_name_protocol(struct plan *plan)
{
	if (plan->protocol == NULL)
		plan->protocol = strdup(plan_is_external(plan) ? PLAN_PROTOCOL_NONE
							       : PLAN_PROTOCOL_ECHO);
	return plan->protocol != NULL ? 0 : -1;
}

bool
plan_says_nothing(const struct plan *plan)
{
	return plan->protocol != NULL && strcmp(plan->protocol, PLAN_PROTOCOL_NONE) == 0;
}

bool
plan_has_sources(const struct plan *plan)
{
	struct endpoint endpoint = plan_endpoint(plan);

	return endpoint.at.any.sa_family == AF_INET && endpoint_is_loopback(&endpoint);
}

struct endpoint
plan_endpoint(const struct plan *plan)
{
	struct endpoint endpoint = {
		.at.v4 = { .sin_family = AF_INET,
			   .sin_port = htons((uint16_t)plan->port),
			   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) },
		.length = sizeof(struct sockaddr_in),
	};
	char why[256];

	if (plan_is_external(plan))
		(void)endpoint_parse(&endpoint, plan->target, why, sizeof(why));
	return endpoint;
}

int64_t
plan_clients_of_forker(const struct plan *plan, int64_t slot)
{
	int64_t connections = plan_target(plan) / plan->forkers;

	if (slot < plan_target(plan) % plan->forkers)
		connections++;
	return plan_groups(connections, plan->per_client);
}

int64_t
plan_client_processes(const struct plan *plan)
{
	int64_t processes = 0;

	for (int64_t slot = 0; slot < plan->forkers; slot++)
		processes += plan_clients_of_forker(plan, slot);
	return processes;
}

int64_t
plan_processes(const struct plan *plan)
{
	int64_t handlers = plan->handler == HANDLER_FORK ? plan->clients : 0;

	return plan->acceptors + plan->forkers + plan_client_processes(plan) + handlers +
	       PLAN_OWN_PROCESSES;
}

int64_t
plan_ports(const struct plan *plan, const struct host *host)
{
	if (plan->limit[LIMIT_PORTS] >= 0)
		return plan->limit[LIMIT_PORTS];
	return plan->isolate ? HOST_FRESH_PORTS : host->ports;
}

bool
plan_hides_ports(const struct plan *plan, const struct host *host)
{
	return plan->isolate && plan->limit[LIMIT_PORTS] < 0 &&
	       host->ports != HOST_FRESH_PORTS;
}

int64_t
plan_acceptor_nofile(const struct plan *plan, int64_t slot)
{
	int64_t own = plan->acceptor_nofile[slot];

	return own >= 0 ? own : plan->limit[LIMIT_NOFILE_ACCEPTOR];
}

int64_t
plan_processes_min(const struct plan *plan)
{
	return plan->acceptors + plan->forkers + 1 + (plan->handler == HANDLER_FORK);
}

int64_t
plan_step_target(const struct plan *plan, int64_t step)
{
	return plan_target(plan) * (step + 1) / plan->steps;
}

int64_t
plan_schedule_us(const struct plan *plan)
{
	if (plan->rate == 0)
		return -1;
	return plan_groups(plan_target(plan) * US_PER_S, plan->rate) +
	       plan->steps * plan->plateau_us + plan->hold_us;
}

char *
plan_json(const struct plan *plan)
{
	struct json j;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	json_begin(&j, out);
	json_object(&j, NULL);
	option_json(&plan_options, plan, &j);
	json_end_object(&j);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
