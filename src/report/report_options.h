/*
 * What a writer is told besides the findings.
 */
#ifndef BRINK_REPORT_REPORT_OPTIONS_H
#define BRINK_REPORT_REPORT_OPTIONS_H

#include <stdbool.h>

struct report_options {
	bool colour;
	bool markdown;       /* tables and lists as Markdown has them */
	const char *heading; /* in place of a section's own; NULL: as it is */
};

#endif
