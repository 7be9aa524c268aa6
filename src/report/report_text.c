#include "report/report.h"

#include <stdlib.h>

#include "base/escape.h"
#include "report/amount.h"
#include "report/text_sections.h"
#include "report/text_verdict.h"

/* "run 17 · leak · 20,000 clients at 2,000/s · 4 acceptors, 2 forkers · host …" */
static void
write_title(const struct findings *f, FILE *out)
{
	const struct findings_run *run = &f->run;
	char *label = escape_text(run->label), *host = escape_text(f->host.name);
	char *kernel = escape_text(f->host.kernel);
	char clients[AMOUNT_SIZE], rate[AMOUNT_SIZE];

	fprintf(out, "run %lld", (long long)run->run_id);
	if (label[0] != '\0')
		fprintf(out, " · %s", label);
	fprintf(out, " · %s clients at %s",
		run->clients > 0 ? amount(UNIT_COUNT, (double)run->clients, clients)
				 : "unlimited",
		run->rate > 0 ? units_format(UNIT_RATE, run->rate, rate) : "full rate");
	fprintf(out, " · %lld acceptor%s, %lld forker%s · host %s, Linux %s\n\n",
		(long long)run->acceptors, run->acceptors == 1 ? "" : "s",
		(long long)run->forkers, run->forkers == 1 ? "" : "s", host, kernel);
	free(kernel);
	free(host);
	free(label);
}

static text_section *const sections[] = {
	text_expected,        text_initial,   text_progress,
	text_breakdown,       text_cost,      text_growth,
	text_forecast,        text_recovery,  text_cycles,
	text_latency,         text_ruled_out, text_notes,
	text_recommendations, text_baseline,  text_environment,
};

void
report_text(const struct findings *f, const struct report_options *options, FILE *out)
{
	write_title(f, out);
	text_headline(f, options, out);
	text_proof(f, out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		sections[i](f, options, out);
}
