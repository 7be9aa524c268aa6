#include "run/oom.h"

#include <stdlib.h>
#include <string.h>

#include "base/procfile.h"

#define HOST_FILE "/proc/vmstat"

/* Kills counted so far, 0 where that cannot be read. */
static int64_t
read_kills(const char *path)
{
	static const char key[] = "\noom_kill ";
	char text[PROCFILE_MAX];
	const char *line;

	text[0] = '\n';
	if (procfile_read(path, text + 1, sizeof(text) - 1) <= 0)
		return 0;
	line = strstr(text, key);
	return line != NULL ? strtoll(line + strlen(key), NULL, 10) : 0;
}

void
oom_watch(struct oom *oom, const char *file)
{
	strlcpy(oom->file, file[0] != '\0' ? file : HOST_FILE, sizeof(oom->file));
	atomic_store(&oom->claimed, read_kills(oom->file));
}

bool
oom_claim(struct oom *oom)
{
	int64_t kills = read_kills(oom->file);
	int64_t claimed = atomic_load(&oom->claimed);

	while (claimed < kills)
		if (atomic_compare_exchange_weak(&oom->claimed, &claimed, claimed + 1)) {
			atomic_fetch_add(&oom->deaths, 1);
			return true;
		}
	return false;
}
