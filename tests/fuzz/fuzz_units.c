/* Numbers with units, of options and of figures. */
#include <math.h>

#include "base/units.h"
#include "fuzz.h"
#include "plan/figure.h"

/* What is written exactly is read back as the same. */
static void
try_unit(enum unit unit, const char *text)
{
	char exact[UNITS_TEXT_SIZE], shown[UNITS_TEXT_SIZE];
	int64_t value, again;

	if (units_parse(unit, text, &value) != NULL)
		return;
	PROMISED(value >= 0);
	units_format(unit, value, shown);
	PROMISED(units_parse(unit, units_format_exact(unit, value, exact), &again) ==
		 NULL);
	PROMISED(again == value);
}

static void
try_figure(enum figure_unit unit, const char *text)
{
	char shown[FIGURE_TEXT_SIZE];
	double value;

	if (figure_parse(unit, text, &value) != NULL)
		return;
	PROMISED(isfinite(value) && value >= 0);
	PROMISED(figure_format(unit, value, shown)[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	for (enum unit unit = UNIT_COUNT; unit <= UNIT_US; unit++)
		try_unit(unit, text);
	for (int unit = 0; unit < FIGURE_UNIT_COUNT; unit++)
		try_figure((enum figure_unit)unit, text);
	free(text);
	return 0;
}
