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
oom_watch(struct ledger *ledger, const struct own_cgroup *own)
{
	own_cgroup_oom_file(own, ledger->oom_file, sizeof(ledger->oom_file));
	if (ledger->oom_file[0] == '\0')
		strlcpy(ledger->oom_file, HOST_FILE, sizeof(ledger->oom_file));
	atomic_store(&ledger->oom_claimed, read_kills(ledger->oom_file));
}

bool
oom_claim(struct ledger *ledger)
{
	int64_t kills = read_kills(ledger->oom_file);
	int64_t claimed = atomic_load(&ledger->oom_claimed);

	while (claimed < kills)
		if (atomic_compare_exchange_weak(&ledger->oom_claimed, &claimed,
						 claimed + 1)) {
			atomic_fetch_add(&ledger->oom_deaths, 1);
			return true;
		}
	return false;
}
