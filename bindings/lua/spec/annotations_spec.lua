-- SPDX-License-Identifier: MIT
-- What editors with LuaLS are told is what there is.
local portend = require("portend")
local tools = require("spec.support.tools")

local FOLDER = tools.SOURCES .. "/luals/"
local CLASSES = { Waiter = "waiter", Group = "group", Reservation = "reservation" }

-- How the tags of LDoc name a parameter.
local FORMS = { tparam = "^%-%- @%S+ %S+ ([%l_]+)" }
for _, tag in ipairs({ "string", "int", "number", "bool", "tab" }) do
  FORMS[tag] = "^%-%- @%S+ ([%l_]+)"
end

local function annotations()
  local text = ""
  for _, name in ipairs({ "portend", "types", "handles" }) do
    text = text .. tools.read(FOLDER .. name .. ".lua")
  end
  return text
end

-- The functions of a text by their names, each with the words of its parameters.
local function functions(text, prefix)
  local found = {}
  for name, parameters in text:gmatch("\nfunction " .. prefix .. "([%l][%w_]*)(%b())") do
    found[name] = parameters
  end
  return found
end

-- The parameters that the comments for LDoc give a function of portend.
local function documented(source, name)
  local comment, names = source:match("\n%-%- @function " .. name .. "\n(.-)\n[^-]"), {}
  for line in comment:gmatch("[^\n]+") do
    local tag = line:match("^%-%- @(%l+)")
    table.insert(names, line:match(FORMS[tag] or "^$"))
  end
  return "(" .. table.concat(names, ", ") .. ")"
end

describe("The annotations for LuaLS", function()
  local text = annotations()

  it("are modules of Lua", function()
    for _, name in ipairs({ "portend", "types", "handles" }) do
      assert.is_function(assert(loadfile(FOLDER .. name .. ".lua")))
    end
  end)

  it("have all of portend", function()
    local source = tools.read(tools.SOURCES .. "/portend.lua") .. tools.read(tools.SOURCES .. "/portend/target.lua")
    local told = functions(text, "portend%.")
    for name, value in pairs(portend) do
      if type(value) == "function" then
        assert.equal(documented(source, name), told[name], name)
        told[name] = nil
      else
        local kind = type(value) == "number" and "integer" or "string"
        assert.is_truthy(text:find("\n---@field " .. name .. " " .. kind, 1, true), name)
      end
    end
    assert.is_nil(next(told))
  end)

  for class, file in pairs(CLASSES) do
    it("have each method of a " .. class, function()
      local source = tools.read(tools.SOURCES .. "/portend/" .. file .. ".lua")
      assert.same(functions(source, class .. ":"), functions(text, class .. ":"))
    end)
  end

  it("annotate each parameter, in its order", function()
    local count = 0
    for comment, parameters in text:gmatch("\n\n(%-%-%-[^\n]*\n.-)function %S-(%b())") do
      local names = {}
      for name in comment:gmatch("\n?%-%-%-@param ([%l_]+)") do
        table.insert(names, name)
      end
      assert.equal(parameters, "(" .. table.concat(names, ", ") .. ")", comment)
      count = count + 1
    end
    assert.is_true(count > 40)
  end)

  it("name only types that there are", function()
    for name in text:gmatch("portend%.(%u%l+)") do
      local class, alias = "\n---@class portend." .. name, "\n---@alias portend." .. name
      assert.is_truthy(text:find(class, 1, true) or text:find(alias, 1, true), name)
    end
  end)
end)
