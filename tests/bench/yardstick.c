/*
 * The yardstick of the benchmarks: bare loops that connect and accept, and do nothing else.
 *
 * usage: yardstick CONNECTIONS PAIRS
 *
 * PAIRS processes accept from one SO_REUSEPORT listener, as many connect to it; none
 * closes. Prints the connections made a second, from the first connect to the last accept.
 */
#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT    10014
#define SOURCES 16

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
connect_loop(long connections, struct shared *shared)
{
	struct sockaddr_in server = address(INADDR_LOOPBACK, PORT);
	int one = 1;

	while (!atomic_load(&shared->go))
		continue;
	for (long i = 0; i < connections; i++) {
		struct sockaddr_in source =
		    address(INADDR_LOOPBACK + 256 + (uint32_t)(i % SOURCES), 0);
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

int
main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: yardstick CONNECTIONS PAIRS");
	long connections = atol(argv[1]);
	int pairs = atoi(argv[2]);
	pid_t pids[64];
	struct rlimit nofile;
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (pairs < 1 || pairs > 32 || connections < pairs || shared == MAP_FAILED)
		errx(2, "1 to 32 pairs, at least a connection each");
	getrlimit(RLIMIT_NOFILE, &nofile);
	nofile.rlim_cur = nofile.rlim_max;
	setrlimit(RLIMIT_NOFILE, &nofile);

	int listener = listen_here();
	for (int i = 0; i < 2 * pairs; i++) {
		pids[i] = fork();
		if (pids[i] == -1)
			err(1, "fork");
		if (pids[i] == 0 && i < pairs)
			accept_loop(listener, shared);
		if (pids[i] == 0)
			connect_loop(connections / pairs, shared);
	}
	double from_s = now_s();
	atomic_store(&shared->go, 1);
	while (atomic_load(&shared->accepted) < connections / pairs * pairs) {
		struct timespec ms = { .tv_nsec = 1000000 };

		if (now_s() - from_s > 60)
			break;
		nanosleep(&ms, NULL);
	}
	double took_s = now_s() - from_s;
	printf("%.0f\n", (double)atomic_load(&shared->accepted) / took_s);
	for (int i = 0; i < 2 * pairs; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		continue;
	return 0;
}
