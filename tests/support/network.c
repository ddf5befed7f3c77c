/* SPDX-License-Identifier: MIT */
#include "support/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/if_tun.h>

#include "support/test.h"

static void configure(const char* interface, unsigned long what, struct ifreq* request) {
  const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  assert_true(any >= 0);
  strncpy(request->ifr_name, interface, IFNAMSIZ - 1);
  assert_int_equal(ioctl(any, what, request), 0);
  close(any);
}

void bring_up(const char* interface) {
  struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
  configure(interface, SIOCSIFFLAGS, &request);
}

void take_down(const char* interface) {
  struct ifreq request = {.ifr_flags = 0};
  configure(interface, SIOCSIFFLAGS, &request);
}

static void write_file(const char* path, const char* text) {
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  assert_true(file >= 0);
  assert_int_equal(write(file, text, strlen(text)), strlen(text));
  close(file);
}

static const char* refusal_of(const char* what) {
  static char reason[128];
  snprintf(reason, sizeof reason, "%s is refused here (%s)", what, strerror(errno));
  return reason;
}

static void become_root_of_namespace(uid_t user, gid_t group) {
  char map[32];
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", user);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof map, "0 %u 1", group);
  write_file("/proc/self/gid_map", map);
}

const char* enter_network(void) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWNET | (user != 0 ? CLONE_NEWUSER : 0)) != 0) return refusal_of("a network namespace");
  if (user != 0) become_root_of_namespace(user, group);
  bring_up("lo");
  return NULL;
}

void keep_over_exec(int fd) { fcntl(fd, F_SETFD, 0); }

void set_sysctl(const char* name, const char* value) {
  char path[256];
  snprintf(path, sizeof path, "/proc/sys/%s", name);
  write_file(path, value);
}

static void set_address(const char* interface, unsigned long what, const char* text) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
  struct ifreq request = {.ifr_flags = 0};
  memcpy(&request.ifr_addr, &address, sizeof address);
  configure(interface, what, &request);
}

const char* refusal_of_silent_network(void) {
  return access("/dev/net/tun", R_OK | W_OK) != 0 ? "there is no /dev/net/tun here" : NULL;
}

int make_silent_network(void) {
  const char* refusal = refusal_of_silent_network();
  if (refusal != NULL) skip_because(refusal);
  const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  assert_true(tun >= 0);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strncpy(request.ifr_name, "silent", IFNAMSIZ - 1);
  assert_int_equal(ioctl(tun, TUNSETIFF, &request), 0);
  set_address("silent", SIOCSIFADDR, "10.66.0.1");
  set_address("silent", SIOCSIFNETMASK, "255.255.255.0");
  bring_up("silent");
  return tun;
}

const char* refusal_of_mounts(void) {
  struct statx root;
  if (statx(AT_FDCWD, "/", 0, 0, &root) != 0) return NULL;
  const bool is_known = (root.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
  const bool is_mounted = (root.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  return is_known && !is_mounted ? "mounts cannot be private here: / is not mounted, as after chroot(8)"
                                 : NULL;
}

void use_hosts_file(const char* path) {
  const char* refusal = refusal_of_mounts();
  if (refusal != NULL) skip_because(refusal);
  static const char rules[] = "/tmp/portend-test-nsswitch-XXXXXX";
  char own_rules[sizeof rules];
  memcpy(own_rules, rules, sizeof rules);
  const int file = mkstemp(own_rules);
  assert_true(file >= 0);
  close(file);
  write_file(own_rules, "hosts: files\npasswd: files\n");

  assert_int_equal(unshare(CLONE_NEWNS), 0);
  assert_int_equal(mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL), 0);
  assert_int_equal(mount(path, "/etc/hosts", "none", MS_BIND, NULL), 0);
  assert_int_equal(mount(own_rules, "/etc/nsswitch.conf", "none", MS_BIND, NULL), 0);
  unlink(own_rules);
}
