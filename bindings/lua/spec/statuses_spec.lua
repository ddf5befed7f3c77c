-- SPDX-License-Identifier: MIT
local native = require("portend.native")
local portend = require("portend")
local tools = require("spec.support.tools")

local HEADER = tools.read(tools.SOURCES .. "/../../include/portend/status.h")

local function version_of_header()
  local numbers = {}
  for _, part in ipairs({ "MAJOR", "MINOR", "PATCH" }) do
    table.insert(numbers, HEADER:match("define PORTEND_VERSION_" .. part .. " (%d+)"))
  end
  assert.equal(3, #numbers)
  return table.concat(numbers, ".")
end

describe("A status", function()
  after_each(tools.clean_up)

  it("P38 comes from the version that the header is of", function()
    assert.equal(version_of_header(), portend._VERSION)
  end)

  it("P38 comes from a rock of that version", function()
    local rock = tools.read(("%s/portend-%s-1.rockspec"):format(tools.SOURCES, version_of_header()))
    assert.is_truthy(rock:find(('\nversion = "%s-1"\n'):format(version_of_header()), 1, true))
  end)

  it("P41 of C exists, and is distinct from the others", function()
    local count, seen = 0, {}
    for name, value in HEADER:gmatch("PORTEND_(ERR_[%u_]+) = (%-%d+)") do
      count = count + 1
      assert.equal(tonumber(value), portend[name])
      assert.is_nil(seen[value])
      seen[value] = true
      assert.equal(native.strerror(tonumber(value)), portend.strerror(portend[name]))
    end
    assert.equal(11, count)
  end)

  it("P41 of a later version also has a text", function()
    assert.matches("%a", portend.strerror(-99))
  end)

  it("P41 of the system comes with its errno", function()
    local code = ([[
      local portend = require("portend")
      for _, call in ipairs({ "free", "occupied", "assert_free" }) do
        local ok, message, code, errno = portend[call]("127.0.0.1", %d)
        print(ok, code == portend.ERR_SYSTEM, type(message), errno)
      end]]):format(tools.held().number)
    -- Enough descriptors for the interpreter to load its files, which it closes.
    local said = tools.succeeds("exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&- 9<&-; ulimit -n 4; " .. tools.command(code))
    assert.equal(("nil\ttrue\tstring\t24\n"):rep(3), said)
  end)

  it("is not a global, and neither is anything else of the module", function()
    local code = [[
      local before = {}
      swig_type = "mine"
      for name in pairs(_G) do before[name] = true end
      require("portend")
      for name in pairs(_G) do assert(before[name], name) end
      print(swig_type)]]
    assert.equal("mine\n", tools.succeeds(tools.command(code)))
  end)
end)
