/* SPDX-License-Identifier: MIT */
/* Prints what this machine lacks, of what the library uses if it is there. */
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

int main(void) {
  if (socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG) < 0) puts("sock_diag");
  struct tcp_info info;
  socklen_t size = sizeof info;
  const int tcp = socket(AF_INET, SOCK_STREAM, 0);
  if (getsockopt(tcp, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < sizeof info) puts("TCP_INFO");
  return 0;
}
