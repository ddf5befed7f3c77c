-- SPDX-License-Identifier: MIT
-- Many independent waits in one event loop.
local portend = require("portend")
local tools = require("spec.support.tools")

local LONG, system = tools.LONG, tools.system
local fails, held, server = tools.fails, tools.held, tools.server

local WAITS = 5000

local function waiter_for(number)
  local waiter = portend.waiter()
  waiter:occupied("127.0.0.1", number)
  return waiter
end

describe("A group", function()
  after_each(tools.clean_up)

  it("returns each waiter when its wait has ended", function()
    local group, up, down = portend.group(), waiter_for(server().number), waiter_for(held().number)
    assert.is_true(group:start(down, 0.2))
    assert.is_true(group:start(up, LONG, "any"))
    local first, ok = group:next(LONG)
    assert.equal(up, first)
    assert.is_true(ok)
    fails(portend.ERR_TIMEOUT, "%a", group:next(0))
    local second, failed, message, code = group:next(LONG)
    assert.equal(down, second)
    assert.same({ nil, portend.ERR_TIMEOUT }, { failed, code })
    assert.matches("not bound on 127.0.0.1", message)
    group:close()
  end)

  it("has one descriptor for a foreign loop", function()
    local group, port = portend.group(), held()
    local waiter = waiter_for(port.number)
    local fd = assert(group:fd())
    assert.is_true(group:start(waiter, LONG))
    port:listen_after(0.2)
    local ended
    while not ended do
      assert.is_true(system.poll(fd, 20))
      ended = group:next(0)
    end
    assert.equal(waiter, ended)
    assert.equal(fd, group:fd())
  end)

  it("P53 refuses a second wait on a waiter, and the first goes on", function()
    local group, port = portend.group(), held()
    local waiter = waiter_for(port.number)
    assert.is_true(group:start(waiter, LONG))
    fails(portend.ERR_INVALID, "group", group:start(waiter, LONG))
    port:listen()
    local ended, ok = group:next(LONG)
    assert.equal(waiter, ended)
    assert.is_true(ok)
  end)

  it("refuses what is not a waiter", function()
    assert.has_error(function()
      portend.group():start("db:80")
    end, "bad argument #1 to 'start' (Waiter expected, got string)")
    fails(portend.ERR_INVALID, "%a", portend.group():start(portend.waiter(), 1))
  end)

  it("P52 runs thousands of waits with few descriptors and threads", function()
    local number, group = held().number, portend.group()
    local fds, threads = tools.fds(), tools.threads()
    local ends, worst = {}, 0
    for index = 1, WAITS do
      local waiter, limit = waiter_for(number), 2 + 2 * index / WAITS
      assert(group:start(waiter, limit))
      ends[waiter] = system.now() + limit
    end
    for index = 1, WAITS do
      local waiter, _, _, code = group:next(LONG)
      assert(code == portend.ERR_TIMEOUT)
      worst = math.max(worst, system.now() - ends[waiter])
      if index % 500 == 0 then
        assert.is_true(tools.fds() - fds <= 16)
        assert.is_true(tools.threads() - threads <= 4)
      end
    end
    print(("\n%d waits, late by at most %.1f ms"):format(WAITS, worst * 1000))
    assert.is_true(worst < 2)
  end)
end)
