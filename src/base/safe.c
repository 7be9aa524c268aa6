#include "base/safe.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#define LIBBSD_OPENBSD_VIS /* strnvis(3) is not used here: either will do */
#include <vis.h>

#include "base/log.h"
#include "base/utf8.h"

/* What no terminal obeys: printable ASCII, and characters of UTF-8 other than the controls of
 * C1. A terminal may take a byte that is no UTF-8 for a control of another character set. */
static bool
is_harmless(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p != '\0') {
		size_t length = utf8_length(p);

		if (length == 0 && (*p < 0x20 || *p >= 0x7f))
			return false;
		if (p[0] == 0xc2 && p[1] < 0xa0)
			return false;
		p += length > 0 ? length : 1;
	}
	return true;
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
	if (is_harmless(text))
		memcpy(safe, text, length + 1);
	else
		strvis(safe, text, VIS_CSTYLE | VIS_NL | VIS_TAB | VIS_NOSLASH);
	return safe;
}
