// SPDX-License-Identifier: MIT
#include "net/service.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "net/ascii.hpp"
#include "os/service.hpp"

namespace portend::net {

namespace {

struct Service {
  std::string_view name;
  std::uint16_t port;
};

/// Services that programs often wait for, by the scheme of their URLs.
constexpr std::array well_known{
    Service{"amqp", 5672},
    Service{"amqps", 5671},
    Service{"bolt", 7687},
    Service{"cassandra", 9042},
    Service{"clickhouse", 9000},
    Service{"cockroachdb", 26257},
    Service{"consul", 8500},
    Service{"couchdb", 5984},
    Service{"dns", 53},
    Service{"domain", 53},
    Service{"elasticsearch", 9200},
    Service{"etcd", 2379},
    Service{"ftp", 21},
    Service{"ftps", 990},
    Service{"git", 9418},
    Service{"http", 80},
    Service{"https", 443},
    Service{"imap", 143},
    Service{"imaps", 993},
    Service{"influxdb", 8086},
    Service{"kafka", 9092},
    Service{"ldap", 389},
    Service{"ldaps", 636},
    Service{"mariadb", 3306},
    Service{"memcached", 11211},
    Service{"mongodb", 27017},
    Service{"mqtt", 1883},
    Service{"mqtts", 8883},
    Service{"mssql", 1433},
    Service{"mysql", 3306},
    Service{"nats", 4222},
    Service{"neo4j", 7687},
    Service{"oracle", 1521},
    Service{"pgsql", 5432},
    Service{"pop3", 110},
    Service{"pop3s", 995},
    Service{"postgis", 5432},
    Service{"postgres", 5432},
    Service{"postgresql", 5432},
    Service{"rabbitmq", 5672},
    Service{"redis", 6379},
    Service{"rediss", 6379},
    Service{"rtsp", 554},
    Service{"sftp", 22},
    Service{"smtp", 25},
    Service{"smtps", 465},
    Service{"sqlserver", 1433},
    Service{"ssh", 22},
    Service{"stomp", 61613},
    Service{"submission", 587},
    Service{"telnet", 23},
    Service{"valkey", 6379},
    Service{"valkeys", 6379},
    Service{"vault", 8200},
    Service{"vnc", 5900},
    Service{"ws", 80},
    Service{"wss", 443},
    Service{"zookeeper", 2181},
};

/// Transports that decide the port of a combined scheme, such as "git+ssh" and "ws+https".
constexpr std::array<std::string_view, 5> transports{"ssh", "http", "https", "ws", "wss"};

/// getaddrinfo(3) accepts texts such as "+80" and " 80" as numbers.
bool is_service_name(std::string_view name) {
  const auto fits = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '+'; };
  return !name.empty() && is_alphanumeric(name.front()) && std::ranges::all_of(name, fits) &&
         std::ranges::any_of(name, is_letter);
}

}  // namespace

std::optional<std::uint16_t> service_port(std::string_view name) {
  if (!is_service_name(name)) return {};
  if (const auto port = os::tcp_service_port(std::string(name)); port && *port != 0) return port;
  const auto* const found = std::ranges::find(well_known, lower_case(name), &Service::name);
  return found == well_known.end() ? std::nullopt : std::optional(found->port);
}

std::optional<std::uint16_t> scheme_port(std::string_view scheme) {
  if (const auto port = service_port(scheme)) return port;
  const auto plus = scheme.rfind('+');
  if (plus == scheme.npos) return {};
  const auto last = scheme.substr(plus + 1);
  const bool is_transport = std::ranges::find(transports, last) != transports.end();
  return service_port(is_transport ? last : scheme.substr(0, plus));
}

}  // namespace portend::net
