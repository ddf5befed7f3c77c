-- SPDX-License-Identifier: MIT
local portend = require("portend")
local tools = require("spec.support.tools")

local system = tools.system
local can_bind, fails, held, server = tools.can_bind, tools.fails, tools.held, tools.server

-- Returns a port that no socket has at the moment.
local function spare()
  local port = held("::", 0, "dual")
  port:close()
  return port.number
end

describe("A port", function()
  after_each(tools.clean_up)

  it("P20 that was found can be bound everywhere", function()
    local number = assert(portend.find_port())
    for _, host in ipairs({ "127.0.0.1", "::1", "0.0.0.0", "::" }) do
      assert.is_true(can_bind(host, number))
    end
  end)

  it("P20 that was found can be bound at the requested address", function()
    assert.is_true(can_bind("127.0.0.1", portend.find_port("127.0.0.1")))
    assert.is_true(can_bind("::1", portend.find_port({ host = "::1" })))
    assert.is_true(can_bind("127.0.0.1", portend.find_port("localhost")))
  end)

  it("P20 is not found if there is none", function()
    fails(portend.ERR_NO_PORT, "192.0.2.1", portend.find_port("192.0.2.1"))
    fails(portend.ERR_RESOLVE, "resolve", portend.find_port(tools.NO_NAME))
    fails(portend.ERR_INVALID, "%a", portend.find_port(""))
  end)

  it("P21 is in the range", function()
    for _, number in ipairs(portend.find_ports(10, { range = { 20000, 20049 } })) do
      assert.is_true(20000 <= number and number <= 20049)
    end
    for _, range in ipairs({ { 5, 1 }, { 0, 10 }, { 1, 65536 } }) do
      fails(portend.ERR_INVALID, "%a", portend.find_port({ range = range }))
    end
  end)

  it("P21 is the first preferred one that can be bound", function()
    local taken, wanted = held().number, spare()
    assert.equal(wanted, portend.find_port({ prefer = { taken, wanted } }))
    assert.equal(wanted, portend.find_port({ prefer = { tostring(wanted) }, only_preferred = true }))
  end)

  it("P21 is not one of those excluded", function()
    local ports = portend.find_ports(3)
    assert.equal(ports[3], portend.find_port({ prefer = ports, exclude = { ports[1], ports[2] } }))
  end)

  it("P21 is found as often as requested, each time another one", function()
    local seen = {}
    for _, number in ipairs(portend.find_ports(200)) do
      assert.is_nil(seen[number])
      seen[number] = true
    end
    for _, count in ipairs({ 0, -1, 65536, 2 ^ 31 - 1 }) do
      fails(portend.ERR_INVALID, "number of ports", portend.find_ports(count))
    end
  end)

  it("P21 is free for UDP also", function()
    local taken = held("127.0.0.1", 0, "udp")
    local options = { prefer = { taken.number }, udp = true }
    local number = portend.find_port(options)
    assert.is_true(number ~= taken.number)
    assert.is_true(can_bind("127.0.0.1", number, "udp"))
  end)

  it("P21 is of one family on request", function()
    local other = server("::1")
    local options = { prefer = { other.number }, host = "localhost" }
    assert.is_true(portend.find_port(options) ~= other.number)
    options.family = "ipv4"
    assert.equal(other.number, portend.find_port(options))
  end)

  it("P21 is outside of the ephemeral range", function()
    local low, high = tools.read("/proc/sys/net/ipv4/ip_local_port_range"):match("(%d+)%s+(%d+)")
    for _, number in ipairs(portend.find_ports(5, { avoid_ephemeral = true })) do
      assert.is_false(tonumber(low) <= number and number <= tonumber(high))
    end
  end)

  it("P21 comes from the port server, unless that is switched off", function()
    local number, path = spare(), os.tmpname()
    os.remove(path)
    system.setenv("PORTSERVER_ADDRESS", path)
    local service = held(path, 0):listen()
    tools.tell("serve", service.socket, "answer", number .. "\\n")
    local without, with = portend.find_port({ port_server = false }), portend.find_port()
    system.setenv("PORTSERVER_ADDRESS")
    os.remove(path)
    assert.is_true(without ~= number)
    assert.equal(number, with)
    assert.equal(tostring(system.pid()), select(2, tools.tell("heard", service.socket)))
  end)

  it("P58 of a port server is found again when it was returned", function()
    local number, path = spare(), os.tmpname()
    os.remove(path)
    system.setenv("PORTSERVER_ADDRESS", path)
    local service = held(path, 0):listen()
    tools.tell("serve", service.socket, "answer", number .. "\\n")
    local first = portend.find_port()
    tools.tell("serve", service.socket, "answer")
    local other = portend.find_port()
    local returned = portend.return_port(number)
    local again, last = portend.find_port(), portend.find_port()
    system.setenv("PORTSERVER_ADDRESS")
    os.remove(path)
    assert.same({ number, true, number }, { first, returned, again })
    assert.is_true(other ~= number and last ~= number)
  end)

  it("P58 that was preferred is found again when it was returned", function()
    local number = spare()
    local preferred = { prefer = { number } }
    assert.equal(number, portend.find_port(preferred))
    assert.is_true(portend.find_port(preferred) ~= number)
    assert.is_true(portend.return_port(number))
    assert.equal(number, portend.find_port(preferred))
    for _, none in ipairs({ 0, 65536, -1 }) do
      fails(portend.ERR_INVALID, "outside 1 to 65535", portend.return_port(none))
    end
    assert.has_error(function()
      portend.return_port()
    end)
  end)

  it("P21 out of range is refused as an option", function()
    for _, option in ipairs({ "prefer", "exclude" }) do
      for _, port in ipairs({ 0, 65536, -1 }) do
        fails(portend.ERR_INVALID, "^Port %-?%d+ is outside 1 to 65535.", portend.find_port({ [option] = { port } }))
      end
    end
  end)

  it("P43 is the first from a number on, and not given again for a while", function()
    local before = held().number
    local first, second = portend.find_port({ from = before }), portend.find_port({ from = before })
    assert.is_true(before < first and first < second)
    local wanted = spare()
    assert.equal(wanted, portend.find_port({ prefer = { { wanted, wanted } } }))
    assert.is_true(portend.find_port({ prefer = { wanted } }) ~= wanted)
    assert.has_error(function()
      portend.find_port({ from = before, name = "shop" })
    end)
  end)

  it("P43 is the one of its name", function()
    local options = { name = "a project of the tests of Lua" }
    local number = portend.find_port(options)
    assert.equal(number, portend.find_port(options))
    assert.is_true(10000 <= number and number < 30000)
    fails(portend.ERR_INVALID, "name is empty", portend.find_port({ name = "" }))
  end)

  it("P43 is adjacent to others, or one that browsers accept", function()
    local ports = portend.find_ports(4, { consecutive = true })
    for index, number in ipairs(ports) do
      assert.equal(ports[1] + index - 1, number)
    end
    for _, number in ipairs(portend.find_ports(5, { range = { 6660, 6672 }, browser_safe = true })) do
      assert.is_true(number < 6665 or number > 6669)
    end
    local number = portend.find_port({ range = { 6660, 6672 }, exclude = { { 6660, 6669 } } })
    assert.is_true(number >= 6670)
  end)

  it("P44 is reserved with others, or none is", function()
    local several = portend.reserve_many(3, { consecutive = true })
    local first = several[1].port
    for index, reservation in ipairs(several) do
      assert.equal(first + index - 1, reservation.port)
    end
    local range = { first, first + 2 }
    fails(portend.ERR_NO_PORT, "in use", portend.reserve_many(3, { range = range }))
    fails(portend.ERR_INVALID, "number of reservations", portend.reserve_many(0))
    for _, reservation in ipairs(several) do
      reservation:close()
    end
  end)

  it("P44 is inherited by an executed program", function()
    local reservation = portend.reserve()
    assert.is_true(reservation:inherit())
    reservation:close()
    assert.is_false(can_bind("127.0.0.1", reservation.port))
    local options = { prefer = { reservation.port }, only_preferred = true }
    fails(portend.ERR_NO_PORT, "in use", portend.find_port(options))
  end)

  it("P22 that does not exist has its own failure", function()
    local number = server().number
    local options = { prefer = { number }, only_preferred = true }
    fails(portend.ERR_NO_PORT, tostring(number), portend.find_port(options))
    fails(portend.ERR_NO_PORT, tostring(number), portend.reserve(options))
  end)

  it("that is bound without listening is free and not bindable", function()
    local number = held().number
    assert.is_true(portend.free("127.0.0.1", number, 0))
    assert.is_true(portend.find_port({ prefer = { number } }) ~= number)
  end)
end)

describe("A reservation", function()
  after_each(tools.clean_up)

  it("P34 keeps others away until it is closed", function()
    local reservation = assert(portend.reserve())
    local number = reservation.port
    assert.is_false(can_bind("127.0.0.1", number))
    assert.is_true(portend.free("127.0.0.1", number, 0))
    assert.is_true(portend.find_port({ prefer = { number } }) ~= number)
    assert.matches(tostring(number), reservation:explain())
    assert.equal("reservation of port " .. number, tostring(reservation))
    reservation:close()
    assert.is_true(can_bind("127.0.0.1", number))
    assert.same({ number, {} }, { reservation.port, reservation:fds() })
  end)

  it("P34 lets a server bind the number", function()
    local reservation = portend.reserve()
    held("127.0.0.1", reservation.port, "reuse"):listen()
    assert.is_true(portend.occupied("127.0.0.1", reservation.port, 5))
    reservation:close()
  end)

  local function serves(fd, number)
    local client = tools.tell("connect", "127.0.0.1", number)
    local served = assert(system.accept(fd))
    system.send(served, "hello")
    assert.equal("hello", (tools.tell("receive", client)))
    system.close(served)
    tools.tell("close", client)
  end

  it("P34 can be served on", function()
    local reservation = portend.reserve("127.0.0.1")
    assert.is_true(reservation:listen())
    local fds = reservation:fds()
    assert.equal(1, #fds)
    assert.is_true(system.is_closed_on_exec(fds[1]))
    serves(fds[1], reservation.port)
    reservation:close()
  end)

  it("P34 can be served on after it has ended", function()
    local reservation = portend.reserve("127.0.0.1")
    local fds = assert(reservation:dup())
    reservation:close()
    assert.equal(1, #fds)
    assert.is_true(system.is_closed_on_exec(fds[1]))
    system.listen(fds[1])
    serves(fds[1], reservation.port)
    system.close(fds[1])
  end)

  it("P34 is inherited by children on request", function()
    local reservation = portend.reserve("127.0.0.1")
    local fd = reservation:fds()[1]
    local look = ("test -S /proc/self/fd/%d && echo inherited || echo none"):format(fd)
    assert.equal("none\n", tools.succeeds(look))
    assert.is_true(reservation:set_inheritable(true))
    assert.equal("inherited\n", tools.succeeds(look))
    assert.is_true(reservation:set_inheritable(false))
    assert.equal("none\n", tools.succeeds(look))
    reservation:close()
  end)

  it("P34 has the options of a finder", function()
    local reservation = portend.reserve({ range = { 21000, 21500 } })
    assert.is_true(21000 <= reservation.port and reservation.port <= 21500)
    reservation:close()
  end)

  it("P34 cannot listen after it was closed", function()
    local reservation = portend.reserve()
    fails(portend.ERR_INVALID, "%a", reservation:listen(0))
    reservation:close()
    reservation:close()
    fails(portend.ERR_INVALID, "%a", reservation:listen())
    fails(portend.ERR_INVALID, "%a", reservation:park())
  end)

  it("P35 that is parked stays with servers that reuse addresses", function()
    local reservation = portend.reserve("127.0.0.1")
    local number = reservation.port
    assert.is_true(reservation:park() >= 30)
    assert.same({}, reservation:fds())
    assert.is_false(can_bind("127.0.0.1", number))
    assert.equal(number, portend.find_port({ prefer = { number } }))
    held("127.0.0.1", number, "reuse"):listen()
    assert.is_true(portend.occupied("127.0.0.1", number, 5))
    fails(portend.ERR_INVALID, "parked", reservation:park())
  end)
end)
