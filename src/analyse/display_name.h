/*
 * What a person calls a resource.
 */
#ifndef BRINK_ANALYSE_DISPLAY_NAME_H
#define BRINK_ANALYSE_DISPLAY_NAME_H

#include "base/units.h"

/* "memory" for "rss_bytes"; of what a limit rule is about its noun; else the name. */
const char *display_name_of(const char *resource);

/* The unit of a resource; UNIT_COUNT of what is none. */
enum unit display_name_unit(const char *resource);

#endif
