/*
 * The yardstick of the benchmarks: bare loops that connect and accept, and do nothing else.
 *
 * usage: yardstick CONNECTIONS PAIRS
 *
 * PAIRS processes accept from one SO_REUSEPORT listener, as many connect to it, from enough
 * loopback addresses to keep each under half of its ports; none closes. Prints two numbers:
 * the connections accepted a second between the first and the last tenth, and the seconds
 * from the first connect to the last accept.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT      10014
#define PORTS     14000 /* used of each source address: half of a fresh namespace's */
#define PAIRS_MAX 64
#define PATIENCE  300.0 /* seconds */

struct shared {
	_Atomic long accepted;
	_Atomic int go;
};

static double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static struct sockaddr_in
address(uint32_t host, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(host),
	};
}

static void
accept_loop(int listener, struct shared *shared)
{
	while (accept4(listener, NULL, NULL, SOCK_NONBLOCK) >= 0)
		atomic_fetch_add_explicit(&shared->accepted, 1, memory_order_relaxed);
	_exit(1);
}

static void
connect_loop(long connections, long sources, struct shared *shared)
{
	struct sockaddr_in server = address(INADDR_LOOPBACK, PORT);
	int one = 1;

	while (!atomic_load(&shared->go))
		continue;
	for (long i = 0; i < connections; i++) {
		struct sockaddr_in source =
		    address(INADDR_LOOPBACK + 256 + (uint32_t)(i % sources), 0);
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
		if (fd == -1 ||
		    bind(fd, (struct sockaddr *)&source, sizeof(source)) == -1 ||
		    connect(fd, (struct sockaddr *)&server, sizeof(server)) == -1)
			err(1, "connection %ld", i);
	}
	pause();
}

static int
listen_here(void)
{
	struct sockaddr_in server = address(INADDR_LOOPBACK, PORT);
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&server, sizeof(server)) == -1 ||
	    listen(fd, 4096) == -1)
		err(1, "listen on port %d", PORT);
	return fd;
}

/* Waits until so many are accepted, looking every millisecond; returns when, in seconds. */
static double
wait_for(struct shared *shared, long accepted, double until_s)
{
	const struct timespec ms = { .tv_nsec = 1000000 };

	while (atomic_load(&shared->accepted) < accepted) {
		if (now_s() > until_s)
			errx(1, "%ld of %ld accepted in time",
			     atomic_load(&shared->accepted), accepted);
		nanosleep(&ms, NULL);
	}
	return now_s();
}

static void
measure(struct shared *shared, long connections)
{
	double from_s = now_s(), until_s = from_s + PATIENCE;
	long tenth = connections / 10;

	atomic_store(&shared->go, 1);
	double first_s = wait_for(shared, tenth, until_s);
	long first = atomic_load(&shared->accepted);
	double last_s = wait_for(shared, connections - tenth, until_s);
	long last = atomic_load(&shared->accepted);
	double end_s = wait_for(shared, connections, until_s);

	printf("%.0f %.3f\n", (double)(last - first) / (last_s - first_s),
	       end_s - from_s);
}

static void
raise_nofile(void)
{
	struct rlimit nofile;

	getrlimit(RLIMIT_NOFILE, &nofile);
	nofile.rlim_cur = nofile.rlim_max;
	setrlimit(RLIMIT_NOFILE, &nofile);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: yardstick CONNECTIONS PAIRS");
	long connections = atol(argv[1]);
	int pairs = atoi(argv[2]);
	pid_t pids[2 * PAIRS_MAX];
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (pairs < 1 || pairs > PAIRS_MAX || connections < 10 * pairs ||
	    shared == MAP_FAILED)
		errx(2, "1 to %d pairs, at least ten connections each", PAIRS_MAX);
	raise_nofile();

	int listener = listen_here();
	for (int i = 0; i < 2 * pairs; i++) {
		pids[i] = fork();
		if (pids[i] == -1)
			err(1, "fork");
		if (pids[i] == 0)
			prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (pids[i] == 0 && i < pairs)
			accept_loop(listener, shared);
		if (pids[i] == 0)
			connect_loop(connections / pairs, connections / PORTS + 1,
				     shared);
	}
	measure(shared, connections / pairs * pairs);
	for (int i = 0; i < 2 * pairs; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
