#include "plan/remedy.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The value in the units that the way takes, rounded up. */
static int64_t
scaled(const struct limit_way *way, int64_t value)
{
	return way->scale == 0 ? value : (value + way->scale - 1) / way->scale;
}

/* The value in the units of the way, rounded up. */
static void
value_write(const struct limit_way *way, int64_t value, char *buf, size_t size)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)scaled(way, value));
	buf[0] = '\0';
	for (const char *p = way->value; *p != '\0'; p++) {
		const char one[2] = { *p, '\0' };

		strlcat(buf, *p == '@' ? number : one, size);
	}
}

static size_t
sysctl_write(const struct limit_way *way, int64_t value, struct remedy *list)
{
	char text[80];
	const char *quote;

	value_write(way, value, text, sizeof(text));
	quote = strchr(text, ' ') != NULL || text[0] == '\0' ? "'" : "";
	snprintf(list[0].command, sizeof(list[0].command), "sysctl -w %s=%s%s%s",
		 way->key, quote, text, quote);
	list[0].lasts = "until the next boot";
	snprintf(list[1].command, sizeof(list[1].command),
		 "echo '%s = %s' >>/etc/sysctl.d/90-brink.conf", way->key, text);
	list[1].lasts = "from the next boot on";
	return 2;
}

static size_t
rlimit_write(const struct limit_way *way, int64_t value, struct remedy *list)
{
	long long number = (long long)scaled(way, value);

	snprintf(list[0].command, sizeof(list[0].command), "ulimit -H%s %lld", way->key,
		 number);
	list[0].lasts = "in this shell, as root";
	snprintf(list[1].command, sizeof(list[1].command),
		 "echo '* - %s %lld' >>/etc/security/limits.d/90-brink.conf", way->value,
		 number);
	list[1].lasts = "from the next login on, over boots";
	return 2;
}

static size_t
cgroup_write(const struct limit_way *way, int64_t value, const char *file,
	     struct remedy *list)
{
	size_t count = 0;

	if (file[0] != '\0') {
		snprintf(list[0].command, sizeof(list[0].command), "echo %lld >%s",
			 (long long)value, file);
		list[count++].lasts = "until the cgroup ends";
	}
	snprintf(list[count].command, sizeof(list[count].command),
		 "systemctl set-property UNIT %s=%lld", way->key, (long long)value);
	list[count++].lasts = "for good, of the unit around this process";
	return count;
}

/* So many source addresses that value ports of each are as many as there are. Where --sources
 * is auto, there are already as many as half of each range asks for. */
static size_t
sources_write(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	      struct remedy *list)
{
	double ports = (double)plan->sources * (double)(value - ceiling->of.used);
	int64_t free = ceiling->of.max - ceiling->of.used;
	int64_t sources = free > 0 ? (int64_t)ceil(ports / (double)free) : 0;

	if (sources <= plan->sources || sources > PLAN_SOURCES_MAX)
		return 0;
	snprintf(list[0].command, sizeof(list[0].command), "brink run --sources %lld",
		 (long long)sources);
	list[0].lasts = "in that run";
	return 1;
}

/* The accept queue holds one more than the backlog, which net.core.somaxconn cuts. */
static size_t
backlog_write(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	      struct remedy *list)
{
	long long backlog = (long long)value - 1;
	bool cut = backlog > ceiling->cap;

	list[0].lasts = "in that run";
	if (cut && plan->isolate) {
		snprintf(list[0].command, sizeof(list[0].command),
			 "brink run --backlog %lld --isolate --limit somaxconn=%lld",
			 backlog, backlog);
		return 1;
	}
	snprintf(list[0].command, sizeof(list[0].command), "brink run --backlog %lld",
		 backlog);
	return 1 + (cut ? sysctl_write(&limit_rule_find("somaxconn")->sysctl, backlog,
				       list + 1)
			: 0);
}

/* What is given to "brink run". */
static const struct {
	const char *id;
	size_t (*write)(const struct plan *plan, const struct ceiling *ceiling,
			int64_t value, struct remedy *list);
} options[] = {
	{ "ephemeral-ports", sources_write },
	{ "port-search", sources_write },
	{ "accept-queue", backlog_write },
};

static bool
is_own(const struct plan *plan, const struct ceiling *ceiling, enum limit_name limit)
{
	return plan->limit[limit] == ceiling->of.max ||
	       (plan->isolate && limit_spec(limit)->sysctl != NULL);
}

/* 1 where the run itself sets the ceiling, else 0. */
static size_t
limit_write(const struct limit_rule *rule, const struct plan *plan,
	    const struct ceiling *ceiling, int64_t value, struct remedy *list)
{
	for (size_t i = 0; i < LIMIT_INJECTIONS; i++) {
		const struct limit_spec *spec = &rule->inject[i];
		char text[UNITS_TEXT_SIZE];

		if (spec->name == NULL || value > spec->max ||
		    !is_own(plan, ceiling, spec->index))
			continue;
		snprintf(list->command, sizeof(list->command),
			 "brink run %s--limit %s=%s",
			 spec->scope != NULL ? "--isolate " : "", spec->name,
			 units_format_exact(spec->unit, value, text));
		list->lasts = "in that run";
		return 1;
	}
	return 0;
}

size_t
remedy_list(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
	    const char *file, struct remedy list[REMEDY_MAX])
{
	const struct limit_rule *rule = limit_rule_find(ceiling->id);
	size_t count = 0, own;

	if (rule == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strcmp(options[i].id, rule->id) == 0)
			count += options[i].write(plan, ceiling, value, list);
	own = limit_write(rule, plan, ceiling, value, list + count);
	if (own > 0)
		return count + own;
	if (rule->sysctl.key != NULL)
		count += sysctl_write(&rule->sysctl, value, list + count);
	if (rule->ulimit.key != NULL)
		count += rlimit_write(&rule->ulimit, value, list + count);
	if (rule->property.key != NULL)
		count += cgroup_write(&rule->property, value, file, list + count);
	return count;
}
