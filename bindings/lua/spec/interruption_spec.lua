-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local LONG, system = tools.LONG, tools.system
local fails, held, seconds_of, server = tools.fails, tools.held, tools.seconds_of, tools.server

-- The promised latency is 100 ms; the machine may be busy at times.
local PROMISED, GENEROUS = 0.1, 2

math.randomseed(os.time() + system.pid())

-- Returns up to 20 ms, mostly small values, so that most signals come near the beginning of the wait.
local function random_moment()
  return 1e-6 + math.random() ^ 4 * 0.02
end

local function is_prompt(latencies)
  table.sort(latencies)
  print(("\n%d interrupts, worst %.1f ms"):format(#latencies, latencies[#latencies] * 1000))
  assert.is_true(latencies[math.floor(#latencies * 0.97)] < PROMISED)
  assert.is_true(latencies[#latencies] < GENEROUS)
end

-- Measures how long after each signal, at a random moment, the wait has ended. The hook of the signal raises
-- an error.
local function take_interrupts(moments, wait)
  local latencies = {}
  for round = 1, moments do
    local ok, message = pcall(function()
      system.alarm(function()
        error("interrupted!", 0)
      end, random_moment())
      wait()
    end)
    latencies[round] = system.now() - system.rang()
    system.alarm()
    assert.is_false(ok)
    assert.equal("interrupted!", message)
  end
  is_prompt(latencies)
end

-- Measures the same with real Ctrl-C in separate processes.
local function take_sigints(moments, code)
  local latencies = {}
  for round = 1, moments do
    local pid, pipe = tools.start("local portend = require('portend') print('ready') io.stdout:flush() " .. code)
    assert.equal("ready", pipe:read("*l"))
    system.sleep(random_moment())
    assert(system.kill(pid, 2))
    latencies[round] = seconds_of(function()
      assert.matches("interrupted!", pipe:read("*a"))
    end)
    pipe:close()
  end
  is_prompt(latencies)
end

describe("A signal", function()
  after_each(tools.clean_up)

  it("P25 of Ctrl-C ends a wait at any moment", function()
    take_sigints(50, ("portend.occupied('127.0.0.1', %d)"):format(held().number))
  end)

  it("P25 of Ctrl-C ends a program that waits again and again", function()
    local code = "while true do portend.occupied('127.0.0.1', %d, 0.0001) end"
    take_sigints(50, code:format(held().number))
  end)

  it("P25 of Ctrl-C ends a wait in a coroutine", function()
    local code = "coroutine.wrap(function() portend.free('127.0.0.1', %d) end)()"
    take_sigints(50, code:format(server().number))
  end)

  it("P25 ends a wait without and with a timeout", function()
    local number = held().number
    for _, limit in ipairs({ math.huge, LONG }) do
      take_interrupts(100, function()
        portend.occupied("127.0.0.1", number, limit)
      end)
    end
  end)

  it("P25 ends a probe", function()
    local number = held().number
    take_interrupts(50, function()
      while true do
        portend.assert_free("127.0.0.1", number)
      end
    end)
  end)

  it("P25 ends a watch of many", function()
    local targets = {}
    local there = { { "127.0.0.1", held().number }, { "localhost", server().number } }
    for index = 1, 40 do
      targets[index] = there[index % 2 + 1]
    end
    take_interrupts(100, function()
      for event in portend.watch(targets) do
        assert(event.state == "free" or event.state == "occupied")
      end
    end)
  end)

  it("P25 ends a wait in a coroutine, and does not affect the main state", function()
    local number = held().number
    take_interrupts(100, function()
      local wait = coroutine.create(function()
        portend.occupied("127.0.0.1", number)
      end)
      local ok, message = coroutine.resume(wait)
      assert(not ok)
      error(message, 0)
    end)
  end)

  it("P25 leaves a waiter that can wait again", function()
    local port, waiter = held(), portend.waiter()
    waiter:occupied("127.0.0.1", port.number)
    take_interrupts(10, function()
      waiter:wait_all()
    end)
    port:listen_after(0.1)
    assert.is_true(waiter:wait_all(LONG))
  end)

  it("P25 of Ctrl-C ends a single probe of a silent host", function()
    local code = ("print('looking') io.stdout:flush() require('portend').assert_free('%s', 80, 60)"):format(
      tools.SILENT_HOST
    )
    local command, refusal = tools.command_without_answers(code)
    if not command then
      return pending(tools.skip(refusal))
    end
    local pipe = io.popen("echo $$; exec 2>&1; exec " .. command)
    local pid = tonumber(pipe:read("*l"))
    assert.equal("looking", pipe:read("*l"))
    system.sleep(0.3)
    assert(system.kill(pid, 2))
    assert.is_true(seconds_of(function()
      assert.matches("interrupted!", pipe:read("*a"))
    end) < GENEROUS)
    pipe:close()
  end)

  for _, place in ipairs({ "the main state", "a coroutine" }) do
    it("P26 whose hook returns does not end a wait in " .. place .. ", nor move its deadline", function()
      local number, rings, longest, last = held().number, 0, 0, nil
      local function wait()
        fails(portend.ERR_TIMEOUT, "not bound", portend.occupied("127.0.0.1", number, 0.5))
      end
      system.alarm(function()
        rings = rings + 1
        longest = math.max(longest, system.now() - (last or system.now()))
        last = system.now()
      end, 0.01, 0.01)
      local took = seconds_of(place == "a coroutine" and coroutine.wrap(wait) or wait)
      system.alarm()
      assert.is_true(took >= 0.5 and took < 5)
      assert.is_true(rings >= 10)
      assert.is_true(longest < 0.45)
    end)
  end

  it("P26 may wait in its hook", function()
    local there, port, looked = server().number, held(), 0
    port:listen_after(0.5)
    system.alarm(function()
      assert(portend.occupied("127.0.0.1", there, 5))
      for _ in portend.watch({ { "127.0.0.1", there }, timeout = 0.01 }) do
        looked = looked + 1
      end
    end, 0.05, 0.05)
    assert.is_true(portend.occupied("127.0.0.1", port.number, LONG))
    system.alarm()
    assert.is_true(looked >= 2)
  end)

  it("may cancel the wait by its hook", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", held().number)
    local took = seconds_of(function()
      system.alarm(function()
        waiter:cancel()
      end, 0.2)
      fails(portend.ERR_CANCELED, "cancel", waiter:wait_all(LONG))
    end)
    assert.is_true(took >= 0.2 and took < 5)
  end)
end)

describe("A wait", function()
  after_each(tools.clean_up)

  it("that is canceled stays so until reset", function()
    local waiter = portend.waiter()
    waiter:occupied("127.0.0.1", server().number)
    waiter:cancel()
    fails(portend.ERR_CANCELED, ".", waiter:wait_all(LONG))
    fails(portend.ERR_CANCELED, ".", waiter:wait_any(LONG))
    assert.is_nil(waiter:events()())
    assert.is_true(waiter:reset())
    assert.is_true(waiter:wait_all(LONG))
  end)

  it("P33 ends when a process dies, with its own code", function()
    local pipe = io.popen("echo $$; exec sleep 60")
    local pid = tonumber(pipe:read("*l"))
    local waiter = portend.waiter({ pid = pid })
    waiter:occupied("127.0.0.1", held().number)
    local took = seconds_of(function()
      tools.tell("after", 200, "kill", pid)
      fails(portend.ERR_GONE, ("Process %d exited"):format(pid), waiter:wait_all(LONG))
    end)
    pipe:close()
    assert.is_true(took >= 0.2 and took < 5)
  end)

  it("P33 succeeds if the port is occupied, even if the process has died", function()
    local pipe = io.popen("echo $$")
    local pid = tonumber(pipe:read("*l"))
    pipe:close()
    local waiter = portend.waiter({ pid = pid })
    waiter:occupied("127.0.0.1", server().number)
    assert.is_true(waiter:wait_all(LONG))
  end)
end)
