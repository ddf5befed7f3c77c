/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "support.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { longest_child = 60 };

void require_root(const char* why) {
  if (geteuid() == 0) return;
  printf("skipped: only root can %s\n", why);
  exit(77);
}

int in_child(void (*body)(void*), void* context) {
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* cmocka would catch them, and go on in the child. */
    const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; ++i) signal(crashes[i], SIG_DFL);
    alarm(longest_child);
    body(context);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static struct sockaddr_in loopback(int port) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  return address;
}

int bound_socket(void) {
  const struct sockaddr_in address = loopback(0);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0 && bind(fd, (const struct sockaddr*)&address, sizeof address) == 0);
  return fd;
}

int listening_socket(void) {
  const int fd = bound_socket();
  CHECK(listen(fd, 4096) == 0);
  return fd;
}

int port_of(int fd) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  CHECK(getsockname(fd, (struct sockaddr*)&address, &size) == 0);
  return ntohs(address.sin_port);
}

void* listen_soon(void* fd) {
  sleep_ms(60);
  CHECK(listen(*(int*)fd, 16) == 0);
  return NULL;
}

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int ms) {
  struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
  while (nanosleep(&left, &left) != 0) {
  }
}

static int entries_of(const char* path) {
  DIR* directory = opendir(path);
  int count = 0;
  CHECK(directory != NULL);
  while (readdir(directory) != NULL) ++count;
  closedir(directory);
  return count - 2;
}

int open_descriptors(void) { return entries_of("/proc/self/fd") - 1; }
int threads_here(void) { return entries_of("/proc/self/task"); }

int comes_to(int (*number)(void), int expected, int seconds) {
  for (const int64_t end = now_ms() + seconds * 1000; now_ms() < end; sleep_ms(5)) {
    if (number() == expected) return 1;
  }
  return 0;
}

static void replace(const char* name, const char* text) {
  char own[64];
  char shared[64];
  snprintf(own, sizeof own, "/run/%s", name);
  snprintf(shared, sizeof shared, "/etc/%s", name);
  FILE* file = fopen(own, "we");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
  CHECK(mount(own, shared, "none", MS_BIND, NULL) == 0);
}

static void loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  CHECK(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0 && close(fd) == 0);
}

/* It is bound and never read. */
static void silent_name_server(void) {
  const struct sockaddr_in address = loopback(53);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0 && bind(fd, (const struct sockaddr*)&address, sizeof address) == 0);
}

/* The rest of the program runs in a child, which is the first of its own processes. */
static void first_process(void) {
  CHECK(unshare(CLONE_NEWPID) == 0);
  fflush(NULL);
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return;
  }
  int status = 0;
  waitpid(child, &status, 0);
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

void own_world(int resolver_seconds) {
  char resolver[128];
  CHECK(unshare(CLONE_NEWNET | CLONE_NEWNS) == 0);
  first_process();
  CHECK(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0);
  CHECK(mount("proc", "/proc", "proc", 0, NULL) == 0);
  CHECK(mount("tmpfs", "/run", "tmpfs", 0, NULL) == 0);
  loopback_up();
  silent_name_server();
  snprintf(resolver, sizeof resolver, "nameserver 127.0.0.1\noptions timeout:%d attempts:1\n",
           resolver_seconds);
  replace("hosts", "127.0.0.1 localhost\n127.0.0.1 known.test\n");
  replace("resolv.conf", resolver);
  replace("nsswitch.conf", "hosts: files dns\n");
}
