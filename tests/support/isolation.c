/* SPDX-License-Identifier: MIT */
/* Namespaces for a whole program: network, processes, and the files of the resolver. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/network.h"
#include "support/socket.h"
#include "support/test.h"

static bool is_isolated;

bool has_own_names(void) { return is_isolated; }

static void replace(const char* name, const char* text) {
  char own[64];
  char shared[64];
  snprintf(own, sizeof own, "/run/%s", name);
  snprintf(shared, sizeof shared, "/etc/%s", name);
  FILE* file = fopen(own, "we");
  CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
  CHECK(mount(own, shared, "none", MS_BIND, NULL) == 0);
}

/* Runs the rest of the program in a child, the first process of the namespace. */
static void become_first_process(void) {
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

static bool unshare_all(void) {
  const char* reason = geteuid() == 0 ? refusal_of_mounts() : "only root may have them";
  if (reason == NULL && unshare(CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID) == 0) return true;
  if (reason == NULL) reason = strerror(errno);
  printf("skipped: names that are looked up: namespaces are refused here (%s)\n", reason);
  return false;
}

void isolate_program(int resolver_seconds) {
  char resolver[128];
  is_isolated = unshare_all();
  if (!is_isolated) return;
  become_first_process();
  CHECK(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0);
  CHECK(mount("proc", "/proc", "proc", 0, NULL) == 0);
  CHECK(mount("tmpfs", "/run", "tmpfs", 0, NULL) == 0);
  bring_up("lo");
  CHECK(bind_socket("127.0.0.1", 53, over_udp) >= 0); /* the name server, which nothing reads */
  snprintf(resolver, sizeof resolver, "nameserver 127.0.0.1\noptions timeout:%d attempts:1\n",
           resolver_seconds);
  replace("hosts", "127.0.0.1 localhost\n127.0.0.1 known.test\n");
  replace("resolv.conf", resolver);
  replace("nsswitch.conf", "hosts: files dns\n");
}
