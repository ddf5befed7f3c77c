// SPDX-License-Identifier: MIT
#include <iostream>

#include <portend/portend.hpp>

int main() {
  const portend::reservation held;
  portend::free("localhost", held.port(), std::chrono::seconds(30));
  try {
    portend::occupied("localhost", held.port(), std::chrono::milliseconds(0));
  } catch (const portend::timeout_error&) {
    std::cout << "portend " << portend_version() << "\n";
    return 0;
  }
  return 1;
}
