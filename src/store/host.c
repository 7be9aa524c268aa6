#include "store/host.h"

#include <sys/stat.h>
#include <sys/utsname.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/procfile.h"

/* The text between key and the end of its line in a file, without the spaces, colon or
 * equal sign between; "" where there is none. */
static void
file_value(const char *path, const char *key, char *value, size_t size)
{
	char text[PROCFILE_MAX];
	size_t length = strlen(key);
	char *rest = text, *line;

	value[0] = '\0';
	if (procfile_read(path, text, sizeof(text)) == -1)
		return;
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, key, length) != 0)
			continue;
		line += length;
		line += strspn(line, " \t:=");
		strlcpy(value, line, size);
		return;
	}
}

/* os-release(5): the value may be quoted as in a shell. */
static void
distribution(char *name, size_t size)
{
	char quoted[256];
	size_t n = 0;

	file_value("/etc/os-release", "PRETTY_NAME", quoted, sizeof(quoted));
	if (quoted[0] == '\0')
		file_value("/usr/lib/os-release", "PRETTY_NAME", quoted, sizeof(quoted));
	for (const char *p = quoted; *p != '\0' && n + 1 < size; p++) {
		if (*p == '"' || *p == '\'')
			continue;
		if (*p == '\\' && p[1] != '\0')
			p++;
		name[n++] = *p;
	}
	name[n] = '\0';
}

/* Where container managers say who they are: systemd.io/CONTAINER_INTERFACE, and the
 * files that Docker and Podman leave. */
static void
container(char *name, size_t size)
{
	static const struct {
		const char *path, *name;
	} marks[] = {
		{ "/run/.containerenv", "podman" },
		{ "/.dockerenv", "docker" },
	};
	const char *variable = getenv("container");

	name[0] = '\0';
	if (procfile_read("/run/systemd/container", name, size) > 0)
		return;
	if (variable != NULL)
		strlcpy(name, variable, size);
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks) && name[0] == '\0'; i++)
		if (access(marks[i].path, F_OK) == 0)
			strlcpy(name, marks[i].name, size);
}

static void
bind_host(struct db_statement *s)
{
	char text[256];
	struct utsname uts;

	uname(&uts);
	db_bind_text(s, 1, uts.nodename);
	db_bind_text(s, 2, uts.release);
	db_bind_text(s, 3, uts.machine);
	distribution(text, sizeof(text));
	db_bind_text(s, 4, text);
	file_value("/proc/cpuinfo", "model name", text, sizeof(text));
	db_bind_text(s, 5, text);
	db_bind_int(s, 6, sysconf(_SC_NPROCESSORS_ONLN));
	file_value("/proc/meminfo", "MemTotal", text, sizeof(text));
	db_bind_int(s, 7, strtoimax(text, NULL, 10) * 1024);
	container(text, sizeof(text));
	db_bind_text(s, 8, text);
}

int64_t
host_store(struct db *db)
{
	/* The update that changes nothing makes RETURNING give the row that was there. */
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO host (name, kernel, machine, distribution, cpu_model, cpus,"
		" memory_bytes, container) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
		" ON CONFLICT DO UPDATE SET name = name RETURNING host_id");
	int64_t id = -1;

	if (s == NULL)
		return -1;
	bind_host(s);
	if (db_step(s) == 1)
		id = db_int(s, 0);
	db_finish(s);
	return id;
}

void
host_boot_id(char boot_id[BOOT_ID_SIZE])
{
	if (procfile_read("/proc/sys/kernel/random/boot_id", boot_id, BOOT_ID_SIZE) == -1)
		boot_id[0] = '\0';
}

int64_t
host_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 ? (int64_t)st.st_ino : -1;
}

int64_t
host_process_start(pid_t pid)
{
	char path[64], text[1024];
	const char *p;
	int64_t start;
	char state;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (procfile_read(path, text, sizeof(text)) == -1)
		return -1;
	/* The name in parentheses may hold any byte: the last one ends it. Then the state is
	 * field 3 and the start is field 22. */
	p = strrchr(text, ')');
	if (p == NULL ||
	    sscanf(
		p + 1,
		" %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d"
		" %*d %" SCNd64,
		&state, &start) != 2)
		return -1;
	return strchr("ZXx", state) != NULL ? -1 : start;
}
