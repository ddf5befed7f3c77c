/* SPDX-License-Identifier: MIT */
/* A host behind a tun device, which answers a SYN with a packet that it makes itself (RFC 9293). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "support/network.h"
#include "support/test.h"

struct segment {
  struct ip ip;
  struct tcphdr tcp;
};

/* RFC 1071 */
static uint16_t checksum(const void* data, size_t size, uint32_t sum) {
  const uint8_t* bytes = data;
  for (size_t i = 0; i + 1 < size; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return htons((uint16_t)~sum);
}

static uint32_t sum_of_address(struct in_addr address) {
  const uint32_t value = ntohl(address.s_addr);
  return (value >> 16) + (value & 0xffff);
}

static struct segment answer_to(const struct segment* syn, enum answer answer) {
  struct segment reply;
  memset(&reply, 0, sizeof reply);
  reply.ip.ip_v = 4;
  reply.ip.ip_hl = sizeof reply.ip / 4;
  reply.ip.ip_len = htons(sizeof reply);
  reply.ip.ip_ttl = 64;
  reply.ip.ip_p = IPPROTO_TCP;
  reply.ip.ip_src = syn->ip.ip_dst;
  reply.ip.ip_dst = syn->ip.ip_src;
  reply.ip.ip_sum = checksum(&reply.ip, sizeof reply.ip, 0);
  reply.tcp.source = syn->tcp.dest;
  reply.tcp.dest = syn->tcp.source;
  reply.tcp.ack_seq = htonl(ntohl(syn->tcp.seq) + 1);
  reply.tcp.doff = sizeof reply.tcp / 4;
  reply.tcp.ack = 1;
  reply.tcp.syn = answer == to_accept;
  reply.tcp.rst = answer == to_refuse;
  reply.tcp.window = htons(65535);
  const uint32_t pseudo_header =
      sum_of_address(reply.ip.ip_src) + sum_of_address(reply.ip.ip_dst) + IPPROTO_TCP + sizeof reply.tcp;
  reply.tcp.check = checksum(&reply.tcp, sizeof reply.tcp, pseudo_header);
  return reply;
}

int answer_attempts(int network, enum answer answer) {
  union {
    struct segment segment;
    unsigned char bytes[2048];
  } packet;
  int attempts = 0;
  while (read(network, &packet, sizeof packet) >= (ssize_t)sizeof packet.segment) {
    const struct segment* segment = &packet.segment;
    if (segment->ip.ip_v != 4 || segment->ip.ip_p != IPPROTO_TCP) continue;
    assert_int_equal(segment->ip.ip_hl * 4, sizeof segment->ip);
    if (!segment->tcp.syn) continue;
    ++attempts;
    if (answer == to_drop) continue;
    const struct segment reply = answer_to(segment, answer);
    assert_int_equal(write(network, &reply, sizeof reply), sizeof reply);
  }
  return attempts;
}
