-- SPDX-License-Identifier: MIT
-- A test fixture that starts a server, with busted. The client is redis-cli.
local portend = require("portend")

-- A test with a redis-server, which ends with the test.
local function with_redis(body)
  return function()
    assert(portend.with_server({ "redis-server", "--port", "{port}", "--save", "" }, function(redis)
      body(redis)
      return true
    end))
  end
end

describe("redis", function()
  it("answers", with_redis(function(redis)
    local client = assert(io.popen(("redis-cli -p %d ping"):format(redis.port)))
    assert.equal("PONG\n", client:read("*a"))
    client:close()
  end))
end)
