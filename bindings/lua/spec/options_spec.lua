-- SPDX-License-Identifier: MIT
-- States, owners, evidence, and the conditions for a connection to count.
local portend = require("portend")
local tools = require("spec.support.tools")

local LONG, system = tools.LONG, tools.system
local fails, held, server = tools.fails, tools.held, tools.server

-- A test that needs the socket table.
local function by_table(work)
  return function()
    if tools.BY_CONNECTING then
      return pending(tools.skip("the socket table is not used"))
    end
    work()
  end
end

-- A server that keeps connections open ("keep"), or closes them at once ("end").
local function serving(how)
  local port = server("127.0.0.1")
  tools.tell("serve", port.socket, how)
  return port
end

local function connections(port)
  return tonumber((tools.tell("heard", port.socket)))
end

describe("A waiter", function()
  after_each(tools.clean_up)

  it("P45 with an owner counts the listeners of that process only", by_table(function()
    local port = server("127.0.0.1")
    local pipe = io.popen("echo $$; exec sleep 60")
    local other = tonumber(pipe:read("*l"))
    local waiter = portend.waiter({ owner = other })
    local target = waiter:occupied("127.0.0.1", port.number)
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0.1))
    assert.same({ "unknown", "other_owner" }, { target.state, (target.reason:gsub("%W", "_")) })
    system.kill(other, 9)
    pipe:close()
    waiter = portend.waiter({ owner = tools.kit_pid })
    waiter:occupied("127.0.0.1", port.number)
    assert.is_true(waiter:wait_all(LONG))
  end))

  it("P46 with stable does not count a connection that is closed early", function()
    local waiter = portend.waiter({ stable = 0.05 })
    local target = waiter:occupied("127.0.0.1", serving("end").number)
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0.3))
    assert.equal("closed_early", (target.reason:gsub("%W", "_")))
    waiter = portend.waiter({ stable = 0.05 })
    waiter:occupied("127.0.0.1", serving("keep").number)
    assert.is_true(waiter:wait_all(LONG))
  end)

  it("P47 connects if that is the evidence", function()
    local port = serving("keep")
    local waiter = portend.waiter({ evidence = "connection", stable = 0.01 })
    local target = waiter:occupied("127.0.0.1", port.number)
    assert.is_true(waiter:wait_all(LONG))
    assert.equal("accepted", target.reason)
    assert.is_true(connections(port) >= 1)
  end)

  it("P47 makes no connection if the socket table is the evidence", by_table(function()
    local port = serving("keep")
    local waiter = portend.waiter({ evidence = "table" })
    local up = waiter:occupied("127.0.0.1", port.number)
    local down = waiter:occupied("127.0.0.1", held().number)
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0.1))
    assert.same({ "listening", "not_listening" }, { up.reason, (down.reason:gsub("%W", "_")) })
    assert.equal(0, connections(port))
    local remote = { "192.0.2.1:80", evidence = "table", timeout = LONG }
    fails(portend.ERR_UNSUPPORTED, "192.0.2.1", portend.wait_all(remote))
  end))

  it("P48 waits until a port is bindable", function()
    local port = held("127.0.0.1", 0):listen()
    fails(portend.ERR_TIMEOUT, tostring(port.number), portend.bindable("127.0.0.1", port.number, 0.1))
    port:close_after(0.1)
    assert.is_true(portend.bindable("127.0.0.1", port.number, LONG))
    assert.is_true(portend.wait_all({ { "127.0.0.1", port.number }, state = "bindable", timeout = LONG }))
    fails(portend.ERR_UNSUPPORTED, "192.0.2.1", portend.bindable("192.0.2.1", 80, 1))
  end)

  it("P59 is one question", function()
    local port = held("127.0.0.1", 0):listen()
    assert.is_false(portend.is_bindable("127.0.0.1", port.number))
    assert.is_true(portend.is_bindable("::1", port.number))
    port:close()
    assert.is_true(portend.is_bindable("127.0.0.1", port.number))
    fails(portend.ERR_UNSUPPORTED, "192.0.2.1", portend.is_bindable("192.0.2.1", 80))
  end)

  it("P48 waits until a port is drained", by_table(function()
    local port = server("127.0.0.1")
    local client = tools.tell("connect", "127.0.0.1", port.number)
    local accepted = tools.tell("accept", port.socket)
    fails(portend.ERR_TIMEOUT, tostring(port.number), portend.drained("127.0.0.1", port.number, 0.1))
    local waiter = portend.waiter()
    local target = waiter:drained("127.0.0.1", port.number)
    fails(portend.ERR_TIMEOUT, "%a", waiter:wait_all(0))
    assert.equal("connected", target.reason)
    tools.tell("after", 100, "close", client)
    tools.tell("after", 100, "close", accepted)
    assert.is_true(portend.drained("127.0.0.1", port.number, LONG))
  end))

  it("P49 has the errno of a failure as a number", function()
    local code = ([[
      local portend = require("portend")
      local waiter = portend.waiter()
      waiter:occupied("127.0.0.1", %d)
      print(select(3, waiter:wait_all(1)))
      print(select(3, portend.wait_all({ "127.0.0.1:1", timeout = 1 })))]]):format(held().number)
    local said = tools.succeeds("exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-; ulimit -n 4; " .. tools.command(code))
    assert.equal(("%d\t24\n"):format(portend.ERR_SYSTEM):rep(2), said)
  end)

  it("P51 of a parent is refused in a child", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", held().number)
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0))
    local refused = system.in_child(function()
      local count = 0
      for _, call in ipairs({ "wait_all", "wait_any", "reset", "probe" }) do
        local ok, message, code = waiter[call](waiter)
        if not ok and code == portend.ERR_INVALID and message:find("parent") then
          count = count + 1
        end
      end
      return count
    end)
    assert.equal(4, refused)
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0))
  end)

  it("probes once, regardless of the wanted states", function()
    local waiter = portend.waiter()
    local up = waiter:free("127.0.0.1", server().number)
    local down = waiter:occupied("127.0.0.1", held().number)
    assert.is_true(waiter:probe())
    assert.same({ "occupied", "free" }, { up.state, down.state })
    assert.equal("occupied", portend.probe("127.0.0.1", up.port))
    assert.equal("free", portend.probe("localhost", down.port, 0.5))
    fails(portend.ERR_RESOLVE, "resolve", portend.probe(tools.NO_NAME, 80))
  end)

  it("says that all events were returned", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", server().number)
    assert.equal("occupied", waiter:next(LONG).state)
    fails(portend.DONE, "%a", waiter:next(LONG))
    assert.is_nil(waiter:events()())
  end)
end)

describe("A list of targets", function()
  after_each(tools.clean_up)

  it("P54 with a hole is an error that names the hole", function()
    local up = "127.0.0.1:" .. server().number
    for _, call in ipairs({ "wait_all", "wait_any", "watch" }) do
      for hole, targets in pairs({ { nil, up }, { up, nil, up }, { up, up, nil, nil, up } }) do
        targets.timeout = 1
        assert.has_error(function()
          portend[call](targets)
        end, ("bad argument #1 to '%s' (target %d is nil)"):format(call, hole))
      end
    end
  end)

  it("takes a host and a port by name", function()
    local number = server().number
    assert.is_true(portend.wait_all({ { host = "127.0.0.1", port = number }, timeout = LONG }))
    local found = assert(portend.wait_any({ { host = "localhost", port = number }, timeout = LONG }))
    assert.same({ "localhost", number }, { found[1].host, found[1].port })
  end)
end)
