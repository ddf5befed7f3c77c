-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local LONG, NO_NAME = tools.LONG, tools.NO_NAME
local fails, held, seconds_of, server = tools.fails, tools.held, tools.seconds_of, tools.server

describe("A wait", function()
  after_each(tools.clean_up)

  it("P01 returns at once if a server already listens", function()
    local port = server()
    assert.is_true(seconds_of(function()
      assert.is_true(portend.occupied("localhost", port.number, LONG))
    end) < 5)
  end)

  it("P02 returns soon after a server begins to listen", function()
    local port = held()
    local took = seconds_of(function()
      port:listen_after(0.3)
      assert.is_true(portend.occupied("127.0.0.1", port.number, LONG))
    end)
    assert.is_true(took >= 0.3 and took < 5)
  end)

  it("P03 for occupied fails with its code, and not before the timeout", function()
    local port = held()
    local took = seconds_of(function()
      local sentence = ("^Port %d not bound on localhost%%."):format(port.number)
      fails(portend.ERR_TIMEOUT, sentence, portend.occupied("localhost", port.number, 0.3))
    end)
    assert.is_true(took >= 0.3 and took < 5)
  end)

  it("P04 for free returns at once if nothing listens", function()
    local port = held()
    assert.is_true(seconds_of(function()
      assert.is_true(portend.free("localhost", port.number, LONG))
    end) < 5)
  end)

  it("P05 for free returns soon after the listener has closed", function()
    local port = server()
    local number = port.number
    local took = seconds_of(function()
      port:close_after(0.3)
      assert.is_true(portend.free("127.0.0.1", number, LONG))
    end)
    assert.is_true(took >= 0.3 and took < 5)
  end)

  it("P06 for free fails with its code, and not before the timeout", function()
    local port = server()
    local took = seconds_of(function()
      local sentence = ("^Port %d not free on localhost%%."):format(port.number)
      fails(portend.ERR_TIMEOUT, sentence, portend.free("localhost", port.number, "0.3"))
    end)
    assert.is_true(took >= 0.3 and took < 5)
  end)

  it("P07 with a timeout of 0 sees the present state", function()
    local port = server()
    assert.is_true(portend.occupied("127.0.0.1", port.number, 0))
    fails(portend.ERR_TIMEOUT, "not free", portend.free("127.0.0.1", port.number, 0))
  end)

  it("P07 with a timeout of 0 probes exactly once", function()
    local port = held()
    assert.is_true(portend.free("127.0.0.1", port.number, 0))
    local waiter = portend.waiter()
    local target = waiter:occupied("127.0.0.1", port.number)
    -- One probe in the socket table, and one by connecting.
    local probes = tools.BY_CONNECTING and 1 or 2
    fails(portend.ERR_TIMEOUT, ("refused by 127.0.0.1, %d probe"):format(probes), waiter:wait_all(0))
    assert.equal(probes, target.probes)
  end)

  it("P08 without a timeout waits until it happens", function()
    local port = server()
    local number = port.number
    port:close_after(0.2)
    assert.is_true(portend.free("127.0.0.1", number))
  end)

  for _, forever in ipairs({ math.huge, 1e300, 2 ^ 53 }) do
    it(("P08 with a timeout of %g waits until it happens"):format(forever), function()
      local port = held()
      port:listen_after(0.2)
      assert.is_true(portend.occupied("127.0.0.1", port.number, forever))
    end)
  end

  for _, host in ipairs({ "::1", "localhost" }) do
    it("P17 finds a listener on IPv6 alone by " .. host, function()
      local port = server("::1")
      assert.is_true(portend.occupied(host, port.number, LONG))
      fails(portend.ERR_TIMEOUT, "not free on", portend.free(host, port.number, 0))
    end)
  end

  it("P60 in another script is looked up alike", function()
    local wide_localhost, number = "ｌｏｃａｌｈｏｓｔ", server().number
    assert.is_true(portend.occupied(wide_localhost, number, LONG))
    assert.is_true(portend.wait_all({ wide_localhost .. ":" .. number, timeout = LONG }))
    local message = ("Port %d not free on %s."):format(number, wide_localhost)
    fails(portend.ERR_TIMEOUT, message, portend.free(wide_localhost, number, 0))
    fails(portend.ERR_RESOLVE, "bücher..invalid", portend.occupied("bücher..invalid", 80, LONG))
    fails(portend.ERR_INVALID, "%a", portend.occupied("b\252cher.invalid", 80, LONG))
  end)

  for _, host in ipairs({ "0.0.0.0", "::", "::0", "::0.0.0.0" }) do
    it("P18 for the wildcard " .. host .. " probes the address that a client would use", function()
      local port = server()
      assert.is_true(portend.occupied(host, port.number, LONG))
      local sentence = ("Port %d not free on %s."):format(port.number, host)
      local _, message = portend.free(host, port.number, 0)
      assert.equal(sentence, message:sub(1, #sentence))
      assert.equal(host:find("^0") and "127.0.0.1" or "::1", portend.client_host(host))
    end)
  end

  local function says_what_c_says(call, host, port, seconds)
    local ok, message, code = portend[call](host, port, seconds)
    local sentence, status = tools.system.message_of_c(call, host, port, seconds * 1000)
    assert.is_nil(ok)
    assert.equal(sentence, message)
    assert.equal(status, code)
  end

  it("P23 that times out has the message of C", function()
    says_what_c_says("occupied", "localhost", held().number, 0)
    says_what_c_says("free", "127.0.0.1", server().number, 0)
    says_what_c_says("assert_free", "localhost", server().number, 0)
  end)

  it("P23 that is invalid has the message of C", function()
    says_what_c_says("free", NO_NAME, 80, 5)
    says_what_c_says("occupied", "local host", 80, 0)
    says_what_c_says("occupied", "", 80, 0)
    for _, number in ipairs({ 0, 65536, -1 }) do
      says_what_c_says("occupied", "localhost", number, 0)
    end
    says_what_c_says("occupied", "localhost", 80, -2)
  end)
end)
