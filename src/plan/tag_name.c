#include "plan/tag_name.h"

#include <string.h>

const char *
tag_name_check(const char *name, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.";

	if (length > 0 && length <= TAG_NAME_MAX && strspn(name, plain) >= length)
		return NULL;
	return "a name is 1 to 64 letters, digits, \"-\", \"_\" and \".\", such as "
	       "ticket=4711";
}
