// SPDX-License-Identifier: MIT
#include "probe/neighbourhood.hpp"

#include <array>
#include <utility>

namespace portend::probe {

Table* Neighbourhood::table() {
  if (!std::exchange(tried_, true)) table_ = Table::open();
  return table_ ? &*table_ : nullptr;
}

bool Neighbourhood::is_full(const os::Endpoint& where) {
  if (table() == nullptr) return is_held(where);
  const std::array places{where};
  std::array found{os::Listening::unknown};
  table()->look(places, found);
  return found[0] == os::Listening::backlog_full;
}

}  // namespace portend::probe
