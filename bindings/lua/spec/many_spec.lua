-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local LONG, system = tools.LONG, tools.system
local fails, held, seconds_of, server = tools.fails, tools.held, tools.seconds_of, tools.server

describe("Many targets", function()
  after_each(tools.clean_up)

  it("P28 must all reach their states", function()
    local waiter, port = portend.waiter(), held()
    waiter:occupied("127.0.0.1", server().number)
    local late = waiter:occupied("localhost", port.number)
    waiter:free("127.0.0.1", held().number)
    port:listen_after(0.2)
    assert.is_true(waiter:wait_all(LONG))
    for _, target in ipairs(waiter.targets) do
      assert.is_true(target.reached)
    end
    assert.is_true(late.elapsed >= 0.15)
  end)

  it("P28 fail with a line for each that did not", function()
    local first, second, there = held(), held(), server()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", first.number)
    waiter:occupied("127.0.0.1", there.number)
    waiter:occupied("::1", second.number)
    local ok, message, code = waiter:wait_all(0.1)
    assert.same({ nil, portend.ERR_TIMEOUT }, { ok, code })
    local form = "^Port %d not bound on 127.0.0.1. [^\n]+\nPort %d not bound on ::1. [^\n]+$"
    assert.matches(form:format(first.number, second.number), message)
  end)

  it("P28 in one call, as text and as pairs", function()
    local first, second = server(), server()
    local targets = { "127.0.0.1:" .. first.number, { "localhost", second.number }, timeout = LONG }
    assert.is_true(portend.wait_all(targets))
    targets.state, targets.timeout = "free", 0.05
    fails(portend.ERR_TIMEOUT, "not free.*\n.*not free", portend.wait_all(targets))
  end)

  it("P29 end with the first one that reaches its state, and the result names it", function()
    local port, closed_port = held(), held()
    port:listen_after(0.2)
    local up = portend.wait_any({ { "127.0.0.1", closed_port.number }, { "::1", port.number }, timeout = LONG })
    assert.equal(1, #up)
    assert.equal(("[::1]:%d"):format(port.number), tostring(up[1]))
    assert.same({ "occupied", "::1", true }, { up[1].state, up[1].address, up[1].reached })
    assert.is_true(up[1].elapsed >= 0.15 and up[1].probes > 0)
  end)

  it("P29 fail if none of them reaches its state", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", held().number)
    waiter:free("127.0.0.1", server().number)
    fails(portend.ERR_TIMEOUT, "not bound.*\n.*not free", waiter:wait_any(0.1))
    fails(portend.ERR_TIMEOUT, "not bound", portend.wait_any({ { "127.0.0.1", held().number }, timeout = 0 }))
  end)

  it("P30 are watched by an iterator, each change once and in order", function()
    local port = held()
    local number, began, seen = port.number, system.now(), {}
    for event in portend.watch({ "127.0.0.1:" .. number, timeout = LONG }) do
      table.insert(seen, event)
      if #seen == 1 then
        port:listen_after(0.1)
      elseif #seen == 2 then
        port:close_after(0.1)
      else
        break
      end
    end
    assert.same({ "free", "occupied", "free" }, { seen[1].state, seen[2].state, seen[3].state })
    assert.same({ "refused", "refused" }, { seen[1].reason, seen[3].reason })
    assert.same({ "127.0.0.1", "127.0.0.1:" .. number }, { seen[2].address, tostring(seen[2].target) })
    assert.is_true(began <= seen[1].monotonic and seen[1].monotonic < seen[2].monotonic)
    assert.is_true(seen[2].monotonic < seen[3].monotonic and seen[3].monotonic <= system.now())
    assert.is_true(math.abs(seen[3].time - os.time()) < 5)
  end)

  it("P30 are watched until the timeout", function()
    local count = 0
    local took = seconds_of(function()
      for event in portend.watch({ { "127.0.0.1", held().number }, { "::1", server().number }, timeout = 0.3 }) do
        count = count + (event.target.host == "::1" and 10 or 1)
      end
    end)
    assert.equal(11, count)
    assert.is_true(took >= 0.3 and took < 5)
  end)

  it("P30 are watched from where a watch was left", function()
    local waiter, port = portend.waiter(), held()
    waiter:watch("127.0.0.1", port.number)
    assert.equal("free", waiter:events()().state)
    port:listen()
    assert.equal("occupied", waiter:next(LONG).state)
    assert.is_nil(waiter:events(0.05)())
    fails(portend.ERR_TIMEOUT, ".", waiter:next(0))
  end)

  it("P30 that are invalid raise an error", function()
    local ok, message = pcall(function()
      portend.watch({ "::1:80" })
    end)
    assert.is_false(ok)
    assert.matches("many_spec.lua:%d+: '::1:80' is not a target", message)
    assert.error_matches(function()
      portend.waiter():events(1)()
    end, "There is no target")
  end)

  it("P32 are probed by the family that is set", function()
    local port = server("::1")
    for family, expected in pairs({ ipv6 = true, ipv4 = false, any = true }) do
      local waiter = portend.waiter({ family = family })
      local target = waiter:occupied("localhost", port.number)
      waiter:wait_all(0)
      assert.equal(expected, target.reached, family)
    end
  end)

  it("P32 are probed at the interval that is set", function()
    local number = held().number
    local function probes(interval)
      local waiter = portend.waiter({ interval = interval })
      local target = waiter:occupied("127.0.0.1", number)
      fails(portend.ERR_TIMEOUT, ".", waiter:wait_all(0.5))
      return target.probes
    end
    assert.is_true(probes({ 0.2, 0.2 }) <= 8)
    assert.is_true(probes(0.001) >= 20)
    assert.is_true(probes({ 0.2, 0.2 }) < probes(0.02))
  end)

  it("P32 are silent after the limit that is set", function()
    local code = ([[
      local waiter = require("portend").waiter({ attempt_limit = 0.3 })
      local target = waiter:free("%s", 80)
      assert(waiter:wait_all(0))
      print(target.reason, target.elapsed)]]):format(tools.SILENT_HOST)
    local command, refusal = tools.command_without_answers(code)
    if not command then
      return pending(tools.skip(refusal))
    end
    local said = tools.succeeds(command)
    local elapsed = tonumber(said:match("^silent\t(%S+)\n$"))
    assert.is_true(elapsed >= 0.3 and elapsed < 0.9, said)
  end)

  local OUT_OF_RANGE = {
    { interval = { 2, 1 } },
    { interval = 1e-6 },
    { interval = 1e9 },
    { interval = math.huge },
    { attempt_limit = 0 },
    { attempt_limit = -1 },
    { attempt_limit = math.huge },
    { pid = -1 },
  }
  it("P32 are refused with settings out of range", function()
    for _, setting in ipairs(OUT_OF_RANGE) do
      fails(portend.ERR_INVALID, "%a", portend.waiter(setting))
      local watched = { "127.0.0.1:80", timeout = 0 }
      for name, value in pairs(setting) do
        watched[name] = value
      end
      fails(portend.ERR_INVALID, "%a", portend.wait_all(watched))
    end
  end)
end)

describe("A foreign loop", function()
  after_each(tools.clean_up)

  local function drive(waiter)
    local rounds = 0
    while true do
      local fd = assert(waiter:fd())
      assert.is_true(system.poll(fd, 20))
      local took = system.now()
      local ended, message, code = waiter:process()
      assert.is_true(system.now() - took < 1)
      rounds = rounds + 1
      if ended ~= false then
        return rounds, ended, message, code
      end
    end
  end

  it("P50 drives a wait by a descriptor that stays open", function()
    local waiter, port = portend.waiter(), held()
    waiter:occupied("127.0.0.1", port.number)
    assert.is_true(seconds_of(function()
      assert.is_true(waiter:start(LONG))
      assert.is_false(waiter:process())
    end) < 1)
    port:listen_after(0.2)
    local rounds, ended = drive(waiter)
    assert.is_true(ended)
    assert.is_true(rounds > 1)
    assert.equal("occupied", waiter.targets[1].state)
    assert.is_number(waiter:fd())
    assert.is_true(waiter:reset())
    fails(portend.ERR_INVALID, "%a", waiter:fd())
  end)

  it("P40 sees a wait end at its deadline", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", held().number)
    waiter:free("127.0.0.1", held().number)
    assert.is_true(waiter:start(0.2, "all"))
    local began = system.now()
    local _, ended, message, code = drive(waiter)
    assert.is_true(system.now() - began >= 0.2 - 0.01)
    assert.same({ nil, portend.ERR_TIMEOUT }, { ended, code })
    assert.matches("not bound", message)
    assert.is_true(waiter:reset())
    assert.is_true(waiter:start(0.2, "any"))
    assert.is_true(select(2, drive(waiter)))
  end)
end)
