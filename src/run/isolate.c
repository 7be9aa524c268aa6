#include "run/isolate.h"

#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/procfile.h"
#include "plan/limit_check.h"

/* A plain user owns a network namespace only inside a user namespace; mapping the user to
 * itself keeps files and limits as they were (user_namespaces(7)). */
static int
unshare_as_user(void)
{
	char map[64];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1)
		return -1;
	if (procfile_write("/proc/self/setgroups", "deny") == -1)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", uid, uid);
	if (procfile_write("/proc/self/uid_map", map) == -1)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", gid, gid);
	return procfile_write("/proc/self/gid_map", map);
}

static int
lo_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	int result = ioctl(fd, SIOCGIFFLAGS, &request);
	if (result == 0) {
		request.ifr_flags |= IFF_UP;
		result = ioctl(fd, SIOCSIFFLAGS, &request);
	}
	close(fd);
	return result;
}

static int
inject(const struct plan *plan, enum limit_name name, FILE *err)
{
	const char *sysctl = limit_spec(name)->sysctl;
	char value[64], path[128];

	snprintf(value, sizeof(value), "%lld", (long long)plan->limit[name]);
	if (name == LIMIT_PORTS) {
		int low, high;

		if (limit_port_range(plan->limit[name], plan->port, &low, &high) == -1) {
			fprintf(
			    err,
			    "brink run: --limit ports=%s: no range beside port %lld\n",
			    value, (long long)plan->port);
			return -1;
		}
		snprintf(value, sizeof(value), "%d %d", low, high);
	}
	if (procfile_write(procfile_sysctl_path(sysctl, path, sizeof(path)), value) ==
	    -1) {
		fprintf(err, "brink run: --limit %s: %s cannot be set to %s here: %s\n",
			limit_spec(name)->name, sysctl, value, strerror(errno));
		return -1;
	}
	return 0;
}

/* unshare(2) has words of its own for these. */
static const char *
reason(int error)
{
	if (error == ENOSPC || error == EUSERS)
		return "user.max_user_namespaces or user.max_net_namespaces allows no "
		       "more";
	return strerror(error);
}

static void
say_hidden_ports(const struct plan *plan, FILE *err)
{
	char own[UNITS_TEXT_SIZE], of_host[UNITS_TEXT_SIZE];
	struct host host;

	host_read(&host, plan->uid);
	if (plan->quiet || !plan_hides_ports(plan, &host))
		return;
	fprintf(err,
		"brink: --isolate: the run has %s ephemeral ports; this host's own range "
		"has %s (net.ipv4.ip_local_port_range)\n",
		units_format(UNIT_COUNT, plan_ports(plan, &host), own),
		units_format(UNIT_COUNT, host.ports, of_host));
}

int
isolate(const struct plan *plan, FILE *err)
{
	if (!plan->isolate)
		return 0;
	say_hidden_ports(plan, err);
	if (unshare(CLONE_NEWNET) == -1 && (errno != EPERM || unshare_as_user() == -1)) {
		fprintf(
		    err,
		    "brink run: --isolate: no network namespace may be made here: %s\n",
		    reason(errno));
		return -1;
	}
	if (lo_up() == -1) {
		fprintf(err, "brink run: --isolate: lo cannot be brought up: %s\n",
			strerror(errno));
		return -1;
	}
	for (enum limit_name name = 0; name < LIMIT_COUNT; name++)
		if (plan->limit[name] >= 0 && limit_spec(name)->sysctl != NULL &&
		    inject(plan, name, err) == -1)
			return -1;
	return 0;
}
