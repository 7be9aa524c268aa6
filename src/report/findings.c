#include "report/findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/forecast.h"
#include "analyse/limit_rule.h"
#include "analyse/pace.h"
#include "report/amount.h"

static void
free_texts(struct findings *f)
{
	for (size_t i = 0; i < f->item_count; i++)
		free(f->items[i].text);
	for (size_t i = 0; i < f->evidence_count; i++)
		free(f->evidence[i].what);
	for (size_t i = 0; i < f->event_count; i++)
		free(f->events[i].text);
	for (size_t i = 0; i < f->setting_count; i++)
		free(f->settings[i].value);
	for (size_t i = 0; i < f->option_count; i++)
		free(f->options[i].value);
	for (size_t i = 0; i < f->cycle_count; i++)
		free(f->cycles[i].remains);
}

void
findings_free(struct findings *f)
{
	char *const texts[] = { f->run.label,         f->run.command,
				f->run.plan,          f->host.name,
				f->host.kernel,       f->host.machine,
				f->host.distribution, f->host.cpu_model,
				f->host.container,    f->baseline_label };
	void *const lists[] = { f->costs,    f->cycles,   f->cycle_trends, f->items,
				f->evidence, f->levels,   f->progress,     f->recovery,
				f->forecast, f->latency,  f->failures,     f->workers,
				f->events,   f->settings, f->expected,     f->phases,
				f->limits,   f->subjects, f->options };

	free_texts(f);
	if (f->baseline != NULL)
		comparison_free(f->baseline);
	free(f->baseline);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		free(lists[i]);
}

const struct findings_item *
findings_verdict(const struct findings *f)
{
	return f->item_count > 0 && strcmp(f->items[0].kind, "verdict") == 0
		   ? &f->items[0]
		   : NULL;
}

enum unit
findings_unit(const struct findings_item *item, const struct findings_evidence *e)
{
	const struct limit_rule *rule = limit_rule_find(item->limit_id);

	return rule != NULL && e->has_limit ? limit_rule_unit(rule) : UNIT_COUNT;
}

bool
findings_kept_schedule(const struct findings *f)
{
	return f->health.missed_slots * PACE_MISSED <= f->health.slots &&
	       !f->health.is_behind;
}

const char *
findings_rate(const struct findings *f, char *text, size_t size)
{
	const struct findings_health *h = &f->health;
	char had[AMOUNT_SIZE], asked[AMOUNT_SIZE], late[AMOUNT_SIZE];

	text[0] = '\0';
	if (h->rate_had > 0)
		snprintf(text, size, ", %s/s",
			 amount(UNIT_COUNT, round(h->rate_had), had));
	if (h->rate_had > 0 && h->rate_asked > 0)
		snprintf(text, size, ", %s/s of %s/s asked%s%s", had,
			 amount(UNIT_COUNT, h->rate_asked, asked),
			 h->is_behind ? ", late by " : "",
			 h->is_behind ? amount(UNIT_US, h->behind_s * 1e6, late) : "");
	return text;
}

/* The limit that gave way is raised, and what is behind is met no more. */
static bool
comes_next(const struct findings_forecast *forecast, const struct limit_rule *rule,
	   const struct findings_break *broke)
{
	bool server = strcmp(broke->side, "server") == 0;
	struct forecast_ceiling ceiling = { .role = forecast->role, .at = forecast->at };

	strlcpy(ceiling.resource, forecast->resource, sizeof(ceiling.resource));
	strlcpy(ceiling.subject, forecast->subject, sizeof(ceiling.subject));
	return forecast->at > (double)(server ? broke->accepted : broke->held) &&
	       !forecast_is_of(&ceiling, rule, broke->subject);
}

const struct findings_forecast *
findings_next(const struct findings *f)
{
	const struct limit_rule *rule = limit_rule_find(f->breaking.limit_id);
	const struct findings_forecast *last;

	if (f->forecast_count == 0 || rule == NULL)
		return NULL;
	last = &f->forecast[f->forecast_count - 1];
	for (size_t i = 0; i < f->forecast_count; i++) {
		const struct findings_forecast *next = &f->forecast[i];

		if (next->made_at_us == last->made_at_us &&
		    comes_next(next, rule, &f->breaking))
			return next;
	}
	return NULL;
}

bool
findings_is_load(const char *kind, const char *subject)
{
	return strcmp(kind, "process") != 0 && strcmp(subject, "observers") != 0 &&
	       strcmp(subject, "forkers") != 0;
}

bool
findings_is_seen(const struct findings_level *level)
{
	return level->cycle == 0 && (level->peak > 0 || level->base > 0);
}

bool
findings_grew(const struct findings_level *level)
{
	if (strcmp(level->class, "inconclusive") == 0)
		return level->over_time.known;
	return level->class[0] != '\0' && strcmp(level->class, "none") != 0;
}

const struct findings_level *
findings_level(const struct findings *f, const char *kind, const char *subject,
	       const char *resource)
{
	for (size_t i = 0; i < f->level_count; i++)
		if (strcmp(f->levels[i].kind, kind) == 0 &&
		    strcmp(f->levels[i].subject, subject) == 0 &&
		    strcmp(f->levels[i].resource, resource) == 0)
			return &f->levels[i];
	return NULL;
}
