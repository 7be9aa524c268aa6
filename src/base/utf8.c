#include "base/utf8.h"

/* Bytes that may follow the first of a UTF-8 sequence: the second as given, which keeps
 * out overlong forms, surrogates and what is beyond U+10FFFF; any others 80..BF (RFC 3629,
 * section 4). */
static const struct {
	unsigned char first_low, first_high, length, second_low, second_high;
} sequences[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

size_t
utf8_length(const unsigned char *s)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(*sequences); i++) {
		if (s[0] < sequences[i].first_low || s[0] > sequences[i].first_high)
			continue;
		if (s[1] < sequences[i].second_low || s[1] > sequences[i].second_high)
			return 0;
		for (size_t k = 2; k < sequences[i].length; k++) {
			if (s[k] < 0x80 || s[k] > 0xbf)
				return 0;
		}
		return sequences[i].length;
	}
	return 0;
}

unsigned int
utf8_code(const unsigned char *s)
{
	size_t length = utf8_length(s);
	unsigned int code = length < 2 ? *s : *s & (0x7fu >> length);

	for (size_t i = 1; i < length; i++)
		code = code << 6 | (s[i] & 0x3f);
	return code;
}
