// SPDX-License-Identifier: MIT
#include "portend/group.h"

#include <memory>

#include "capi/arguments.hpp"
#include "capi/waiter.hpp"
#include "wait/group.hpp"

using namespace portend;

struct portend_group : capi::Handle {
  std::shared_ptr<wait::Group> group = std::make_shared<wait::Group>();
  wait::Interrupt interrupt;
};

portend_status portend_group_create(portend_group** group_out) noexcept {
  return capi::guard([&] {
    capi::require(group_out, "The out-parameter for the group");
    *group_out = new portend_group;
    return PORTEND_OK;
  });
}

void portend_group_destroy(portend_group* group) noexcept {
  const os::CancelShield shield;
  if (group != nullptr && !group->is_inherited()) group->group->close();
  delete group;
}

portend_status portend_group_start(portend_group* group, portend_waiter* waiter, portend_mode mode,
                                   int64_t timeout_ms, int64_t id) noexcept {
  return capi::with_handle(waiter, [&](portend_waiter& self) {
    capi::require(group, "The group");
    if (group->is_inherited())
      throw std::invalid_argument("The group belongs to the parent of this process.");
    const auto which = capi::loop_mode(self, mode);
    capi::timeout_argument(timeout_ms);
    capi::require_targets(self);
    if (self.waiter.in_group()) throw std::invalid_argument("The waiter is in a group already.");
    self.waiter.start_in(group->group, which, timeout_ms, id);
    return PORTEND_OK;
  });
}

portend_status portend_group_next(portend_group* group, int64_t timeout_ms, int64_t* id_out) noexcept {
  return capi::with_handle(group, [&](portend_group& self) -> portend_status {
    capi::require(id_out, "The out-parameter for the id");
    const auto until = os::deadline(os::Clock::now(), capi::timeout_argument(timeout_ms));
    const auto [news, id] = self.group->next(until, self.interrupt);
    switch (news) {
      case wait::Group::News::wait:
        *id_out = id;
        return PORTEND_OK;
      case wait::Group::News::canceled:
        return capi::fail(PORTEND_ERR_CANCELED, "The group was canceled.");
      case wait::Group::News::interrupted:
        return capi::fail(PORTEND_ERR_CANCELED, "The group was interrupted.");
      case wait::Group::News::none:
        break;
    }
    return capi::fail(PORTEND_ERR_TIMEOUT, "No wait of the group has ended.");
  });
}

portend_status portend_group_set_interrupt(portend_group* group, portend_interrupt_hook hook,
                                           void* context) noexcept {
  return capi::with_handle(group, [&](portend_group& self) {
    self.interrupt = {hook, context};
    return PORTEND_OK;
  });
}

portend_status portend_group_fd(portend_group* group, int* fd_out) noexcept {
  return capi::with_handle(group, [&](portend_group& self) -> portend_status {
    capi::require(fd_out, "The out-parameter for the descriptor");
    if (!os::Poller::has_descriptor()) {
      return capi::fail(PORTEND_ERR_UNSUPPORTED,
                        "This platform has no pollable descriptor: run the group in a thread.");
    }
    *fd_out = self.group->descriptor();
    return PORTEND_OK;
  });
}

void portend_group_cancel(portend_group* group) noexcept {
  if (group != nullptr) group->group->cancel();
}

const char* portend_group_message(portend_group* group) noexcept { return capi::message_of(group); }
