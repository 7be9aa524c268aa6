#include "base/safe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define LIBBSD_OPENBSD_VIS /* strnvis(3) is not used here: either will do */
#include <vis.h>

#include "base/log.h"

/* C0 and DEL, and C1 in UTF-8: terminals obey both. */
static bool
has_controls(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f ||
		    (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			return true;
	return false;
}

char *
safe_text(const char *text)
{
	size_t length;
	char *safe;

	if (text == NULL)
		text = "";
	length = strlen(text);
	safe = malloc(4 * length + 1);
	if (safe == NULL)
		fatal("cannot hold a text of %zu bytes", length);
	if (has_controls(text))
		strvis(safe, text, VIS_CSTYLE | VIS_NL | VIS_TAB | VIS_NOSLASH);
	else
		memcpy(safe, text, length + 1);
	return safe;
}
