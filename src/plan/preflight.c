#include "plan/preflight.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "plan/ceiling.h"

/* Memory above the guard that a run needs to begin, and open files of the host that are
 * left to others. */
#define MEMORY_TO_START  (INT64_C(64) << 20)
#define FILES_FOR_OTHERS 1000

/* Memory of supervisor, sampler and recorder, as measured: in a cgroup with less, the kernel
 * kills them before they can say a word. */
#define MEMORY_OF_OWN (INT64_C(36) << 20)

static int
nofile_raise(FILE *err)
{
	rlim_t most = (rlim_t)host_nofile();

	/* Both: no limit may be set while the hard one is above fs.nr_open. */
	if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){ most, most }) == 0)
		return 0;
	fprintf(err, "brink run: RLIMIT_NOFILE cannot be raised to its hard limit: %s\n",
		strerror(errno));
	return -1;
}

static struct sockaddr_in
address(const struct plan *plan)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)plan->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

/* Binds a socket of its own to the address and closes it: 0, or an errno. */
static int
bind_try(const struct sockaddr_in *where, int reuse_port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;

	if (fd == -1)
		return errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &reuse_port, sizeof(reuse_port)) ==
		-1 ||
	    bind(fd, (const struct sockaddr *)where, sizeof(*where)) == -1)
		error = errno;
	close(fd);
	return error;
}

/* True unless a connect is refused at once. */
static bool
somebody_listens(const struct sockaddr_in *where)
{
	const struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool refused;

	if (fd == -1)
		return true;
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	refused = connect(fd, (const struct sockaddr *)where, sizeof(*where)) == -1 &&
		  errno == ECONNREFUSED;
	close(fd);
	return !refused;
}

/*
 * A plain bind fails beside any other user of the port. Connections of an earlier run in
 * TIME_WAIT are in nobody's way, though: the acceptors' SO_REUSEPORT passes them. But it
 * would also join another run's listener, so that is ruled out first.
 */
static int
port_check(const struct plan *plan, FILE *err)
{
	struct sockaddr_in where = address(plan);
	int error = bind_try(&where, 0);

	if (error == EADDRINUSE && !somebody_listens(&where))
		error = bind_try(&where, 1);
	if (error == 0)
		return 0;
	if (error == EADDRINUSE)
		fprintf(err,
			"brink run: port %d on 127.0.0.1 is in use; choose another by "
			"--port\n",
			(int)plan->port);
	else
		fprintf(err,
			"brink run: port %d on 127.0.0.1 cannot be listened on: %s\n",
			(int)plan->port, strerror(error));
	return -1;
}

static int
memory_check(const struct plan *plan, const struct host *host, FILE *err)
{
	int64_t needed = plan->guard_bytes + MEMORY_TO_START;
	char text[3][UNITS_TEXT_SIZE];

	if (plan->guard_bytes == 0 || host->available_bytes >= needed)
		return 0;
	fprintf(err,
		"brink run: %s of memory are available, but %s are needed to begin: "
		"64 MiB and the guard's %s; give a lower --guard-memory\n",
		units_format(UNIT_BYTES, host->available_bytes, text[0]),
		units_format(UNIT_BYTES, needed, text[1]),
		units_format(UNIT_BYTES, plan->guard_bytes, text[2]));
	return -1;
}

/* The limit alone: of what is in use, much may be cache that gives way. */
static int
cgroup_check(const struct host *host, FILE *err)
{
	const struct host_cgroup *memory = &host->cgroup_memory;
	char text[2][UNITS_TEXT_SIZE];

	if (memory->file[0] == '\0' || memory->of.max >= MEMORY_OF_OWN)
		return 0;
	fprintf(err,
		"brink run: brink itself needs %s of memory, but %s allows %s; give the "
		"cgroup more\n",
		units_format(UNIT_BYTES, MEMORY_OF_OWN, text[0]), memory->file,
		units_format(UNIT_BYTES, memory->of.max, text[1]));
	return -1;
}

/* What the guard would stop on the way is refused at once. Not so without a target: there
 * the guard is an end like any other. */
static int
load_check(const struct plan *plan, const struct host *host, FILE *err)
{
	int64_t reach = ceiling_reach(plan, host), needed = reach * CEILING_PAIR_BYTES;
	int64_t left = host->available_bytes - plan->guard_bytes;
	char text[5][UNITS_TEXT_SIZE];

	if (plan->guard_bytes == 0 || plan->clients == 0 || needed <= left)
		return 0;
	fprintf(err,
		"brink run: %s connections need %s of memory, at about %s each, but of "
		"the %s available %s are the guard's; give fewer --clients, or "
		"--no-guard\n",
		units_format(UNIT_COUNT, reach, text[0]),
		units_format(UNIT_BYTES, needed, text[1]),
		units_format(UNIT_BYTES, CEILING_PAIR_BYTES, text[2]),
		units_format(UNIT_BYTES, host->available_bytes, text[3]),
		units_format(UNIT_BYTES, plan->guard_bytes, text[4]));
	return -1;
}

/* The host's open files are everybody's: the guard does not let a run take the last. */
static int
files_check(const struct plan *plan, const struct host *host, FILE *err)
{
	int64_t reach = ceiling_reach(plan, host), needed = 2 * reach + FILES_FOR_OTHERS;
	int64_t left = host->files.max - host->files.used;
	char text[4][UNITS_TEXT_SIZE];

	if (plan->guard_bytes == 0 || needed < left)
		return 0;
	fprintf(err,
		"brink run: %s connections need %s open files of the host (two each, "
		"and %s for others), but fs.file-max leaves %s; give fewer --clients, "
		"or --no-guard\n",
		units_format(UNIT_COUNT, reach, text[0]),
		units_format(UNIT_COUNT, needed, text[1]),
		units_format(UNIT_COUNT, FILES_FOR_OTHERS, text[2]),
		units_format(UNIT_COUNT, left, text[3]));
	return -1;
}

/* Whether the host has room for the run. */
static int
room_check(const struct plan *plan, const struct host *host, FILE *err)
{
	if (memory_check(plan, host, err) || cgroup_check(host, err) ||
	    load_check(plan, host, err) || files_check(plan, host, err))
		return -1;
	return 0;
}

int
preflight_on(const struct plan *plan, const struct host *host, FILE *err)
{
	if (nofile_raise(err) || port_check(plan, err) || room_check(plan, host, err))
		return -1;
	return 0;
}

int
preflight_dry(const struct plan *plan, FILE *err)
{
	struct host host;

	host_read(&host, plan->uid);
	if ((!plan->isolate && port_check(plan, err)) || room_check(plan, &host, err))
		return -1;
	return 0;
}

int
preflight(const struct plan *plan, FILE *err)
{
	struct host host;

	host_read(&host, plan->uid);
	return preflight_on(plan, &host, err);
}
