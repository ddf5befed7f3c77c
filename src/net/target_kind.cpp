// SPDX-License-Identifier: MIT
#include "net/target_kind.hpp"

#include <algorithm>
#include <array>

#include "net/ascii.hpp"

namespace portend::net {

namespace {

constexpr std::string_view unix_socket = "a UNIX socket";
constexpr std::string_view udp_port = "a UDP port";
constexpr std::string_view file = "a file";
constexpr std::string_view srv_record = "an SRV record, which stands for hosts that portend does not look up";

struct Kind {
  std::string_view scheme;
  std::string_view names;
};

constexpr std::array kinds{
    Kind{"unix", unix_socket}, Kind{"ipc", unix_socket}, Kind{"udp", udp_port}, Kind{"udp4", udp_port},
    Kind{"udp6", udp_port},    Kind{"file", file},       Kind{"sqlite", file},  Kind{"sqlite3", file},
};

/// Suffixes of combined schemes, such as "http+unix", "redis+socket" and "mongodb+srv".
constexpr std::array of_transports{
    Kind{"unix", unix_socket},
    Kind{"socket", unix_socket},
    Kind{"srv", srv_record},
    Kind{"udp", udp_port},
};

template <class Kinds>
std::optional<std::string_view> find_in(const Kinds& all, std::string_view scheme) {
  const auto* const found = std::ranges::find(all, scheme, &Kind::scheme);
  return found == all.end() ? std::nullopt : std::optional(found->names);
}

}  // namespace

std::optional<std::string_view> other_kind_of_scheme(std::string_view scheme) {
  const auto plus = scheme.rfind('+');
  if (plus == scheme.npos) return find_in(kinds, scheme);
  const auto kind = find_in(of_transports, scheme.substr(plus + 1));
  return kind ? kind : find_in(kinds, scheme.substr(0, plus));
}

std::optional<std::string_view> other_kind_of_text(std::string_view text) {
  const auto before_colon = lower_case(text.substr(0, text.find(':')));
  if (before_colon.size() == text.size()) return {};
  if (before_colon == "unix") return unix_socket;
  return before_colon == "udp" ? std::optional(udp_port) : std::nullopt;
}

bool is_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with("./") || text.starts_with("../") || text.starts_with("~/");
}

}  // namespace portend::net
