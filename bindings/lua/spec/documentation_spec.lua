-- SPDX-License-Identifier: MIT
local tools = require("spec.support.tools")

-- Runs an example as a program. Returns what it prints, and what its comments say that it prints.
local function run(example, name)
  local said, told = {}, {}
  for text in example:gmatch("%-%-> ([^\n]*)") do
    table.insert(told, text)
  end
  local environment = setmetatable({
    print = function(...)
      local words = {}
      for index = 1, select("#", ...) do
        words[index] = tostring((select(index, ...)))
      end
      table.insert(said, table.concat(words, " "))
    end,
  }, { __index = _G })
  local code
  if setfenv then -- luacheck: std max
    code = setfenv(assert(loadstring(example, name)), environment) -- luacheck: std max
  else
    code = assert(load(example, name, "t", environment)) -- luacheck: std max
  end
  code()
  return said, told
end

-- Makes a pattern in which "..." matches anything.
local function as_pattern(text)
  return "^" .. text:gsub("%W", "%%%0"):gsub("%%%.%%%.%%%.", ".*") .. "$"
end

describe("An example of the README", function()
  local readme = tools.read(tools.SOURCES .. "/README.md")
  local number = 0
  for example in readme:gmatch("```lua\n(.-)```") do
    number = number + 1
    it(("that is the %dth does what it says"):format(number), function()
      local said, told = run(example, "=README")
      assert.equal(#told, #said)
      for index, text in ipairs(told) do
        assert.matches(as_pattern(text), said[index])
      end
    end)
  end

  -- busted gives these to a spec, but not to a file that the spec loads.
  for name, value in pairs({ describe = describe, it = it, assert = assert }) do
    rawset(_G, name, value)
  end
  for example in readme:gmatch("```lua busted\n(.-)```") do
    local path = os.tmpname()
    local file = assert(io.open(path, "w"))
    file:write(example)
    file:close()
    assert(loadfile(path))()
    os.remove(path)
  end

  it("exists for each thing", function()
    assert.is_true(number >= 8)
    for _, name in ipairs({ "occupied", "free", "wait_all", "wait_any", "watch", "waiter", "find_port", "reserve" }) do
      assert.is_truthy(readme:find("portend." .. name .. "(", 1, true), name)
    end
  end)
end)
