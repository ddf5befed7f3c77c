-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local NO_NAME, fails, server = tools.NO_NAME, tools.fails, tools.server

-- Functions that take a host and a port. For a value out of range they return nil, a message and a code.
local CALLS = {
  occupied = function(host, port)
    return portend.occupied(host, port, 0)
  end,
  free = function(host, port)
    return portend.free(host, port, 0)
  end,
  assert_free = function(host, port)
    return portend.assert_free(host, port, 0)
  end,
  added = function(host, port)
    return portend.waiter():occupied(host, port)
  end,
  watched = function(host, port)
    return portend.waiter():watch(host, port)
  end,
  wait_all = function(host, port)
    return portend.wait_all({ { host, port }, timeout = 0 })
  end,
  wait_any = function(host, port)
    return portend.wait_any({ { host, port }, timeout = 0 })
  end,
  format_target = function(host, port)
    return portend.format_target(host, port)
  end,
}

-- Functions that probe a target.
local function looking()
  return pairs({ occupied = CALLS.occupied, free = CALLS.free, wait_all = CALLS.wait_all, wait_any = CALLS.wait_any })
end

local function raises(pattern, call, ...)
  local values, count = { ... }, select("#", ...)
  local unpack = table.unpack or unpack -- luacheck: std max
  local ok, message = pcall(function()
    local result = call(unpack(values, 1, count))
    return result
  end)
  assert.is_false(ok)
  assert.matches("arguments_spec.lua:%d+: bad %l+ .*" .. pattern, message)
end

local function outside(port)
  return (("^Port %d is outside 1 to 65535."):format(port):gsub("%-", "%%-"))
end

describe("An argument", function()
  after_each(tools.clean_up)

  it("P09 that is not a host is refused before any probe", function()
    for _, call in pairs(CALLS) do
      raises("string expected, got no value", call, nil, {})
      raises("string expected, got number", call, 80, "localhost")
      fails(portend.ERR_INVALID, "host is missing", call("", 80))
    end
  end)

  it("P10 with an embedded NUL is refused", function()
    local number = server().number
    for _, call in pairs(CALLS) do
      for _, host in ipairs({ "localhost\0", "127.0.0.1\0.example", "\0" }) do
        raises("string contains zeros", call, host, number)
      end
    end
    for _, call in ipairs({ portend.parse_target, portend.find_port, portend.reserve, portend.client_host }) do
      raises("string contains zeros", call, "127.0.0.1:80\0")
    end
    raises("number expected, got string", portend.free, "127.0.0.1", "80\0")
  end)

  it("P11 that is a port out of range is refused", function()
    for _, call in pairs(CALLS) do
      for _, port in ipairs({ 0, 65536, 70000, -1, 2 ^ 31 - 1, "65536", -2 ^ 31 }) do
        fails(portend.ERR_INVALID, outside(port), call("127.0.0.1", port))
      end
    end
    for _, port in ipairs({ 0, 65536, -1 }) do
      fails(portend.ERR_INVALID, outside(port), portend.listeners(port))
    end
  end)

  it("P12 that is a port with a fraction is refused", function()
    for _, call in pairs(CALLS) do
      raises("number has no integer representation", call, "127.0.0.1", 80.5)
      raises("got NaN", call, "127.0.0.1", 0 / 0)
    end
    raises("number has no integer representation", portend.listeners, 80.5)
    raises("number has no integer representation", portend.find_ports, 1.5)
  end)

  it("P12 that is a port of more than 32 bits is refused", function()
    local number = server().number
    for _, call in pairs(CALLS) do
      for _, port in ipairs({ 2 ^ 32 + number, 2 ^ 31, -2 ^ 31 - 1, 1e300, math.huge, -math.huge }) do
        raises("number out of range", call, "127.0.0.1", port)
      end
    end
  end)

  it("P12 that is a whole port written as a float is taken", function()
    assert.equal("db:80", portend.format_target("db", 80.0))
    assert.is_true(portend.occupied("127.0.0.1", server().number + 0.0, 0))
  end)

  it("P13 that is a port as text is converted as in Lua", function()
    local number = server().number
    assert.is_true(portend.occupied("127.0.0.1", tostring(number), 0))
    assert.is_true(portend.occupied("127.0.0.1", (" 0x%x "):format(number), "0"))
    assert.equal("db:80", portend.format_target("db", "80.0"))
    for _, call in pairs(CALLS) do
      raises("no integer representation", call, "127.0.0.1", "80.5")
      for _, text in ipairs({ "http", "", "80 or so", "8 0" }) do
        raises("number expected, got string", call, "127.0.0.1", text)
      end
      for _, port in ipairs({ true, {}, print }) do
        raises("number expected, got " .. type(port), call, "127.0.0.1", port)
      end
    end
  end)

  it("P14 that is a name that does not exist fails at once", function()
    for _, call in looking() do
      fails(portend.ERR_RESOLVE, "could not be resolved", call(NO_NAME, 80))
    end
    assert.is_true(tools.seconds_of(function()
      fails(portend.ERR_RESOLVE, NO_NAME, portend.occupied(NO_NAME, 80, 60))
    end) < 30)
  end)

  it("P15 that is such a name is a timeout with the retry of names", function()
    local waiter = portend.waiter({ retry_names = true })
    local target = waiter:occupied(NO_NAME, 80)
    local took = tools.seconds_of(function()
      fails(portend.ERR_TIMEOUT, "%.%.such%.host. .could not resolve: ", waiter:wait_all(0.3))
    end)
    assert.is_true(took >= 0.3)
    assert.equal("unresolved", target.reason)
  end)

  it("P16 that is a target is parsed and formatted", function()
    assert.same({ "::1", 80 }, { portend.parse_target("[::1]:80") })
    assert.same({ "db", 5432 }, { portend.parse_target("db:5432") })
    assert.same({ "fe80::1%lo", 80 }, { portend.parse_target("[fe80::1%lo]:80") })
    assert.equal("[::1]:80", portend.format_target("::1", 80))
    assert.equal("[::1]:80", portend.format_target("::", 80))
  end)

  it("P16 that is not a target is refused", function()
    for _, text in ipairs({ "::1:80", "db", "db:", ":80", "db:0", "db:65536", "" }) do
      fails(portend.ERR_INVALID, "%a", portend.parse_target(text))
      fails(portend.ERR_INVALID, "%a", portend.wait_all({ text, timeout = 0 }))
    end
    raises("string expected, got table", portend.parse_target, {})
    raises("target expected, got number", portend.wait_all, { 80 })
  end)

  it("that is not a timeout is refused", function()
    for _, timeout in ipairs({ "soon", {}, true }) do
      raises("number expected, got " .. type(timeout), portend.free, "127.0.0.1", 80, timeout)
      raises("number expected, got " .. type(timeout), portend.watch, { "127.0.0.1:80", timeout = timeout })
    end
    raises("got NaN", portend.free, "127.0.0.1", 80, 0 / 0)
    for _, timeout in ipairs({ -1, -0.001, -1e-9, -1e300, -math.huge }) do
      fails(portend.ERR_INVALID, "timeout", portend.free("127.0.0.1", 80, timeout))
    end
  end)

  it("that is unknown is refused", function()
    raises("unknown field", portend.wait_all, { tiemout = 3 })
    raises("unknown field", portend.watch, { state = "free" })
    raises("unknown field", portend.waiter, { timeout = 3 })
    raises("unknown field", portend.find_port, { first = 3 })
    raises("invalid option 'open'", portend.wait_all, { state = "open" })
    raises("invalid option 'ipv5'", portend.waiter, { family = "ipv5" })
    raises("table expected, got no value", portend.wait_all)
    raises("table expected, got string", portend.waiter, "db:80")
  end)
end)
