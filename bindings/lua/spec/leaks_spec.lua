-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local fails, held, server, system = tools.fails, tools.held, tools.server, tools.system

local ROUNDS = 2000
-- Bytes per round. The smallest object that could leak is a waiter, with more than a kilobyte.
local TOLERATED = 100

-- Returns what C has allocated besides Lua. The memory of LuaJIT is not counted by C.
local function allocated()
  collectgarbage()
  collectgarbage()
  local ours = rawget(_G, "jit") and 0 or collectgarbage("count") * 1024
  return system.allocated() - ours
end

local function leaves_nothing(work, rounds)
  rounds = rounds or ROUNDS
  local alive = tools.threads()
  for _ = 1, 20 do
    work()
  end
  tools.wait_until(function()
    return tools.threads() <= alive
  end)
  local memory, fds = allocated(), tools.fds()
  for _ = 1, rounds do
    work()
  end
  tools.wait_until(function()
    return tools.threads() <= alive
  end)
  local grown = allocated() - memory
  assert.equal(fds, tools.fds())
  assert.is_true(grown < TOLERATED * rounds, ("%d bytes more after %d rounds"):format(grown, rounds))
end

describe("Nothing leaks", function()
  after_each(tools.clean_up)

  it("P37 from waits that time out, even before Lua collects", function()
    local number = held().number
    collectgarbage()
    collectgarbage("stop")
    local before = tools.fds()
    for _ = 1, 500 do
      portend.occupied("127.0.0.1", number, 0)
      portend.assert_free("127.0.0.1", number)
      portend.wait_all({ { "127.0.0.1", number }, timeout = 0 })
      portend.wait_any({ { "127.0.0.1", number }, timeout = 0 })
      portend.wait_any({ { "127.0.0.1", number }, "no target" })
    end
    local after = tools.fds()
    collectgarbage("restart")
    assert.equal(before, after)
    leaves_nothing(function()
      portend.occupied("127.0.0.1", number, 0)
    end)
  end)

  it("P37 from waits that were canceled", function()
    local number = held().number
    leaves_nothing(function()
      local waiter = portend.waiter()
      waiter:occupied("127.0.0.1", number)
      waiter:free("localhost", number)
      waiter:cancel()
      assert(not waiter:wait_all())
    end)
  end)

  it("P37 from waits that an error of a hook has ended", function()
    local number = held().number
    leaves_nothing(function()
      assert(not pcall(function()
        system.alarm(error, 0.001)
        portend.occupied("127.0.0.1", number, 60)
      end))
    end, 500)
  end)

  it("P37 from a watch that was left early", function()
    local number = held().number
    leaves_nothing(function()
      local events = portend.watch({ { "127.0.0.1", number } })
      assert(events())
    end)
  end)

  it("P37 from refused arguments", function()
    leaves_nothing(function()
      assert(not pcall(portend.occupied, "a\0b", 80))
      assert(not pcall(portend.occupied, "127.0.0.1", 1.5))
      assert(not portend.occupied("127.0.0.1", 70000))
      assert(not portend.parse_target("::1:80"))
      assert(not portend.waiter({ interval = 1e9 }))
    end)
  end)

  it("P37 from names that do not exist", function()
    leaves_nothing(function()
      assert(not portend.occupied(tools.NO_NAME, 80, 60))
    end, 200)
  end)

  it("P37 from ports and snapshots", function()
    leaves_nothing(function()
      local reservation = portend.reserve()
      reservation:listen()
      for _, fd in ipairs(reservation:dup()) do
        system.close(fd)
      end
      reservation:close()
      portend.find_ports(2, { prefer = { reservation.port } })
      portend.listeners(reservation.port)
      portend.reserve("127.0.0.1") -- released when it is collected
    end, 200)
  end)

  it("from closed objects, at once", function()
    local before = tools.fds()
    local waiter, reservation = portend.waiter(), portend.reserve()
    local target = waiter:occupied("127.0.0.1", server().number)
    assert.is_true(waiter:wait_all(5))
    assert.is_true(tools.fds() > before)
    waiter:close()
    waiter:close()
    reservation:close()
    assert.equal(before, tools.fds())
    fails(portend.ERR_INVALID, "%a", waiter:wait_all(0))
    fails(portend.ERR_INVALID, "%a", waiter:occupied("127.0.0.1", 80))
    fails(portend.ERR_INVALID, "%a", waiter:fd())
    assert.same({ "unknown", "", 0 }, { target.state, target.address, target.probes })
    assert.has_no.errors(function()
      waiter:cancel()
    end)
  end)

  it("from variables that go out of scope as <close>", function()
    local number = held().number
    local code = [[
      local portend, number = ...
      local reservation <close> = portend.reserve()
      local waiter <close> = portend.waiter()
      waiter:watch("127.0.0.1", number)
      waiter:next(5)
      for _ in portend.watch({ { "127.0.0.1", number } }) do break end]]
    local scope = _VERSION == "Lua 5.4" and load(code)
    if not scope then
      return pending(tools.skip("only Lua 5.4 has such variables"))
    end
    collectgarbage()
    collectgarbage("stop")
    local before = tools.fds()
    scope(portend, number)
    local after = tools.fds()
    collectgarbage("restart")
    assert.equal(before, after)
  end)
end)
