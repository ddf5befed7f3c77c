// SPDX-License-Identifier: MIT
#include "capi/message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "capi/guard.hpp"
#include "capi/listing.hpp"
#include "net/utf8.hpp"
#include "os/process.hpp"
#include "os/socket_table.hpp"

namespace portend::capi {

namespace {

/// The listing of this thread; `fresh` if the thread cannot keep one.
Listing& shared_listing(Listing& fresh) noexcept try { return thread_state().listing; } catch (...) {
  return fresh;
}

}  // namespace

Message& Message::operator<<(std::string_view text) {
  constexpr std::size_t usual_length = 120;
  if (text_.empty()) text_.reserve(usual_length);
  text_ += text;
  return *this;
}

Message& Message::operator<<(std::uint64_t number) {
  std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits;
  auto* const end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void Message::prefer_listener(std::size_t begin, const os::Endpoint& where) {
  pending_owners_.push_back({.begin = begin, .end = text_.size(), .where = where});
}

void Message::mention_other_listener(const os::Endpoint& where) {
  pending_owners_.push_back({.begin = text_.size(), .end = text_.size(), .where = where, .elsewhere = true});
}

void Message::find_sockets(std::vector<PendingOwner>& owners, bool elsewhere) {
  if (std::ranges::find(owners, elsewhere, &PendingOwner::elsewhere) == owners.end()) return;
  Listing fresh;
  const auto listeners = (elsewhere ? shared_listing(fresh) : fresh).by_port();
  const auto port_of = [](const os::TableEntry& entry) { return entry.local.port; };
  for (auto& owner : owners) {
    if (owner.elsewhere != elsewhere) continue;
    // equal_range() is not used: clang++ 14 rejects its result in the amalgamation.
    const auto first = std::ranges::lower_bound(listeners, owner.where.port, {}, port_of);
    const auto last = std::ranges::upper_bound(listeners, owner.where.port, {}, port_of);
    const auto found = std::find_if(
        first, last, [&](const auto& entry) { return os::is_met_by(entry, owner.where) != elsewhere; });
    if (found == last) continue;
    owner.inode = found->inode;
    owner.address = found->local.ip;
  }
}

void Message::note_sockets() noexcept try { find_sockets(pending_owners_, false); } catch (...) {
  // Without memory or descriptors the message names no process.
}

std::string Message::text() const {
  auto pending_owners = pending_owners_;
  find_sockets(pending_owners, true);
  std::vector<std::uint64_t> inodes;
  for (const auto& owner : pending_owners) {
    if (owner.inode != 0) inodes.push_back(owner.inode);
  }
  std::ranges::sort(inodes);
  const auto owners = inodes.empty() ? std::vector<os::Owner>() : os::owners(inodes);

  std::string result;
  std::size_t done = 0;
  for (const auto& pending : pending_owners) {
    const auto index = std::ranges::lower_bound(inodes, pending.inode) - inodes.begin();
    const bool known = pending.inode != 0 && owners[static_cast<std::size_t>(index)].pid != 0;
    if (!known && !(pending.elsewhere && pending.inode != 0)) continue;
    const auto address = os::ip_to_text(pending.address);
    std::string process;
    if (known) {
      const auto& [pid, name] = owners[static_cast<std::size_t>(index)];
      process.append(net::printable(name)).append(", pid ").append(std::to_string(pid)).append(", ");
    }
    result.append(text_, done, pending.begin - done);
    if (pending.elsewhere) {
      result.append("; a listener on ").append(address).append(", ").append(process);
      result.append("does not serve ").append(os::ip_to_text(pending.where.ip));
    } else {
      result.append(process).append("listens on ").append(address);
    }
    done = pending.end;
  }
  return result + text_.substr(done);
}

}  // namespace portend::capi
