#include "report/html_sections.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "plan/plan.h"
#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

static void
begin_list(FILE *out, const char *title)
{
	fputs("<h3>", out);
	html_text(out, title);
	fputs("</h3>\n<dl class=\"pairs\">\n", out);
}

static void
end_list(FILE *out)
{
	fputs("</dl>\n", out);
}

static void
write_host(FILE *out, const struct findings *f)
{
	const struct findings_host *host = &f->host;
	char text[AMOUNT_SIZE], memory[AMOUNT_SIZE];

	begin_list(out, "Environment");
	html_pair(out, "brink", f->run.version);
	html_pair(out, "host", host->name);
	html_pair(out, "kernel", host->kernel);
	html_pair(out, "system", host->distribution);
	html_pair(out, "processor", host->cpu_model);
	snprintf(text, sizeof(text), "%lld online, %s of memory, %s",
		 (long long)host->cpus,
		 amount(UNIT_BYTES, (double)host->memory_bytes, memory), host->machine);
	html_pair(out, "machine", text);
	html_pair(out, "container", host->container);
	end_list(out);
	fputs("<h3>Command</h3>\n<p class=\"command\"><code>", out);
	html_text(out, f->run.command);
	fputs("</code></p>\n", out);
}

/* A value of the stored plan as a person would write it. */
static const char *
option_value(const struct findings_option *option, char *buf)
{
	const struct option_spec *spec =
	    option_find(&plan_options, option->name, strlen(option->name));
	const char *value = option->value != NULL ? option->value : "";

	if (strcmp(value, "[]") == 0 || strcmp(value, "{}") == 0)
		return ""; /* a list without entries */
	if (spec == NULL || spec->type == OPTION_TEXT || value[0] == '\0' ||
	    strspn(value, "0123456789") != strlen(value))
		return value;
	if (spec->type == OPTION_FLAG)
		return strcmp(value, "0") == 0 ? "no" : "yes";
	return units_format(spec->unit, strtoll(value, NULL, 10), buf);
}

static void
write_plan(FILE *out, const struct findings *f)
{
	char text[AMOUNT_SIZE];

	begin_list(out, "Plan");
	for (size_t i = 0; i < f->option_count; i++)
		html_pair(out, f->options[i].name, option_value(&f->options[i], text));
	end_list(out);
}

static void
write_health(FILE *out, const struct findings *f)
{
	const struct findings_health *h = &f->health;
	char text[AMOUNT_SIZE];

	begin_list(out, "Health of the measurement");
	snprintf(text, sizeof(text), "%lld, %lld missed", (long long)h->ticks,
		 (long long)h->missed_ticks);
	html_pair(out, "ticks", text);
	html_pair(out, "late, 99 %", units_format(UNIT_US, h->late_p99_us, text));
	html_pair(out, "late at most", units_format(UNIT_US, h->late_max_us, text));
	html_pair(out, "a tick took, 99 %", units_format(UNIT_US, h->took_p99_us, text));
	snprintf(text, sizeof(text), "%lld of %lld missed", (long long)h->missed_slots,
		 (long long)h->slots);
	html_pair(out, "schedule", text);
	snprintf(text, sizeof(text), "%lld", (long long)h->gaps);
	html_pair(out, "gaps", text);
	end_list(out);
}

static void
write_latency(FILE *out, const struct findings *f)
{
	if (f->latency_count == 0)
		return;
	fputs("<h3>Latency over the whole run</h3>\n", out);
	html_section_all(out, &section_latency, f, NULL, NULL);
}

/* For those who look for it. */
static void
write_details(FILE *out, const struct section *section, const struct findings *f)
{
	fprintf(out, "<details><summary>%s (%zu)</summary>\n", section->title,
		section_count(section, f));
	html_section_all(out, section, f, NULL, NULL);
	fputs("</details>\n", out);
}

void
html_environment(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(
	    out, "environment", "What this rests on",
	    "The machine, the plan as it was resolved, the limits as they were read, "
	    "and how well the measurement itself went. Over 2 % of missing or late "
	    "ticks make a finding weak.");
	write_health(out, f);
	write_latency(out, f);
	write_host(out, f);
	write_plan(out, f);
	write_details(out, &section_limits, f);
	write_details(out, &section_settings, f);
	html_section_end(out);
}
