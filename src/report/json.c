#include "report/report.h"

#include "base/json.h"
#include "report/compared.h"

static void
write_baseline(struct json *j, const struct findings *f)
{
	json_text(j, "baseline_label", f->baseline_label);
	if (f->baseline != NULL)
		compared_json(f->baseline, "baseline", j);
	else
		json_null(j, "baseline");
}

void
report_json(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct json j;

	(void)options;
	json_begin(&j, out);
	json_object(&j, NULL);
	for (size_t i = 0; i < findings_record_count; i++)
		if (findings_records[i]->key != NULL)
			record_json(findings_records[i], f, &j);
	write_baseline(&j, f);
	json_end_object(&j);
	fputc('\n', out);
}
