// SPDX-License-Identifier: MIT
#include "portend/listeners.h"

#include <memory>

#include "capi/arguments.hpp"
#include "capi/guard.hpp"
#include "ports/listeners.hpp"

using namespace portend;

struct portend_listeners {
  /// A listener with its address as text, which is asked for by pointer.
  struct Entry {
    ports::Listener listener;
    std::string address;
  };
  std::vector<Entry> entries;
};

namespace {

const portend_listeners::Entry* entry_at(const portend_listeners* listeners, int index) {
  if (index < 0 || index >= portend_listeners_count(listeners)) return nullptr;
  return &listeners->entries[static_cast<std::size_t>(index)];
}

}  // namespace

portend_status portend_listeners_create(int port, portend_listeners** listeners_out) noexcept {
  return capi::guard([&]() -> portend_status {
    capi::require(listeners_out, "The room for the listeners");
    auto found = ports::listeners(port == 0 ? std::uint16_t{0} : capi::port_argument(port));
    if (!found) return capi::fail(PORTEND_ERR_UNSUPPORTED, "This system does not tell who listens.");
    auto result = std::make_unique<portend_listeners>();
    result->entries.reserve(found->size());
    for (auto& listener : *found) {
      auto address = os::ip_to_text(listener.where.ip);
      result->entries.push_back({std::move(listener), std::move(address)});
    }
    *listeners_out = result.release();
    return PORTEND_OK;
  });
}

void portend_listeners_destroy(portend_listeners* listeners) noexcept {
  const os::CancelShield shield;
  delete listeners;
}

int portend_listeners_count(const portend_listeners* listeners) noexcept {
  return listeners == nullptr ? 0 : static_cast<int>(listeners->entries.size());
}

const char* portend_listeners_address(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry == nullptr ? "" : entry->address.c_str();
}

int portend_listeners_dual_stack(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry != nullptr && entry->listener.dual_stack ? 1 : 0;
}

int portend_listeners_port(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry == nullptr ? 0 : entry->listener.where.port;
}

int64_t portend_listeners_pid(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry == nullptr ? 0 : entry->listener.owner.pid;
}

const char* portend_listeners_process(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry == nullptr ? "" : entry->listener.owner.name.c_str();
}

const char* portend_listeners_user(const portend_listeners* listeners, int index) noexcept {
  const auto* entry = entry_at(listeners, index);
  return entry == nullptr ? "" : entry->listener.user.c_str();
}
