#include "base/processors.h"

#include <sched.h>
#include <unistd.h>

/* Of CPU_SETSIZE processors each: the kernel refuses a mask shorter than its own. */
#define SETS 16

int64_t
processors_allowed(void)
{
	cpu_set_t sets[SETS] = { 0 };

	if (sched_getaffinity(0, sizeof(sets), sets) == -1)
		return sysconf(_SC_NPROCESSORS_ONLN);
	return CPU_COUNT_S(sizeof(sets), sets);
}
