# frozen_string_literal: true

# SPDX-License-Identifier: MIT

# A test fixture that starts a server, with Minitest.
require "minitest/autorun"
require "portend"
require "socket"

class RedisTest < Minitest::Test
  include Portend::Server::Minitest

  def setup
    @redis = start_server("redis-server", "--port", "{port}", "--save", "")
  end

  def test_redis_answers
    TCPSocket.open("127.0.0.1", @redis.port) do |client|
      client.write("PING\r\n")
      assert_equal "+PONG\r\n", client.gets
    end
  end
end
