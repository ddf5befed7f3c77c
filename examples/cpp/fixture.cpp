// SPDX-License-Identifier: MIT
// A test fixture that starts a server. The fixture is an object, for any test framework.
#include <array>
#include <cstdint>
#include <iostream>
#include <string>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <portend/server.hpp>

class RedisFixture {
 public:
  RedisFixture() : redis_({"redis-server", "--port", "{port}", "--save", ""}) { redis_.start(); }

  [[nodiscard]] int port() const { return redis_.port(); }

 private:
  portend::server redis_;  // its destructor stops the server
};

static std::string ask(int port, const std::string &question) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  std::array<char, 64> answer{};
  ssize_t length = -1;
  if (connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0 &&
      write(client, question.data(), question.size()) > 0) {
    length = read(client, answer.data(), answer.size());
  }
  close(client);
  return length < 0 ? "" : std::string(answer.data(), static_cast<std::size_t>(length));
}

int main() {
  const RedisFixture redis;
  const auto answer = ask(redis.port(), "PING\r\n");
  std::cout << "redis answers: " << answer;
  return answer == "+PONG\r\n" ? 0 : 1;
}
