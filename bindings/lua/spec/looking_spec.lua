-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local fails, held, server = tools.fails, tools.held, tools.server

describe("A look", function()
  after_each(tools.clean_up)

  it("P19 at a port in use fails with a code of its own", function()
    local port = server()
    local sentence = ("^Port %d is in use on 127.0.0.1. %%("):format(port.number)
    fails(portend.ERR_NOT_FREE, sentence, portend.assert_free("127.0.0.1", port.number))
    fails(portend.ERR_NOT_FREE, "is in use", portend.assert_free("localhost", port.number, 0.5))
  end)

  it("P19 at a port of nobody finds it free", function()
    local port = held()
    assert.is_true(portend.assert_free("localhost", port.number))
    assert.is_true(portend.assert_free("localhost", port.number, math.huge))
  end)

  it("P19 at many targets names each that is in use", function()
    local waiter = portend.waiter()
    local first, second = server(), server()
    waiter:free("127.0.0.1", first.number)
    waiter:free("127.0.0.1", held().number)
    waiter:occupied("127.0.0.1", second.number)
    local ok, message, code = waiter:assert_free()
    assert.is_nil(ok)
    assert.equal(portend.ERR_NOT_FREE, code)
    assert.matches(("Port %d is in use.*\nPort %d is in use"):format(first.number, second.number), message)
  end)

  it("P31 is what each target can be asked for", function()
    local waiter, nobody = portend.waiter(), held()
    local up = waiter:occupied("127.0.0.1", server().number)
    local down = waiter:occupied("127.0.0.1", nobody.number)
    assert.same({ "unknown", "none", false }, { up.state, up.reason, up.reached })
    assert.same({ "", 0, 0 }, { up.address, up.elapsed, up.probes })
    fails(portend.ERR_TIMEOUT, "not bound", waiter:wait_all(0.2))
    assert.same({ "occupied", "accepted", true }, { up.state, up.reason, up.reached })
    assert.same({ "127.0.0.1", "" }, { up.address, up.explanation })
    assert.is_true(up.probes >= 1)
    assert.same({ "free", "refused", false }, { down.state, down.reason, down.reached })
    assert.is_true(0 <= up.elapsed and up.elapsed < 0.2 and 0.2 <= down.elapsed)
    assert.matches(("^Port %d not bound on 127.0.0.1. %%(refused"):format(nobody.number), down.explanation)
    assert.same({ up, down }, waiter.targets)
    assert.is_nil(up.anything_else)
  end)

  it("P31 at a target gives its text", function()
    local target = portend.waiter():occupied("::1", 80)
    assert.equal("[::1]:80", tostring(target))
    assert.same({ "::1", 80 }, { target.host, target.port })
  end)

  it("P36 at the listeners tells their process", function()
    local port = held()
    assert.same({}, portend.listeners(port.number))
    port:listen()
    local found = portend.listeners(port.number)
    assert.equal(1, #found)
    assert.same({ port.number, "::", true }, { found[1].port, found[1].address, found[1].dual_stack })
    assert.equal(tools.kit_pid, found[1].pid)
    assert.equal(tools.read("/proc/" .. tools.kit_pid .. "/comm"), found[1].process .. "\n")
    assert.is_string(found[1].user)
  end)

  it("P36 at all listeners finds them sorted", function()
    local mine = { [server().number] = true, [server("127.0.0.1").number] = true }
    local previous = 0
    for _, each in ipairs(portend.listeners()) do
      assert.is_true(previous <= each.port)
      previous, mine[each.port] = each.port, nil
    end
    assert.same({}, mine)
  end)
end)
