-- SPDX-License-Identifier: MIT
-- Misuses everything public, and reads the messages.
local portend = require("portend")
local tools = require("spec.support.tools")

local ODD = { {}, 1.5, "", "\0", -1, 2 ^ 70, false, { nil, "a" }, "x:y", print, { x = 1 } }
-- Functions, constants and types of C, and what SWIG says of its wrappers.
local OF_C = { "portend_%l", "PORTEND_%u", "SWIG", "[Ss]wig", "%(arg %d", "int64", "%w %*" }

local function message(call, ...)
  local ok, result, said = pcall(call, ...)
  return tostring(ok and result == nil and said or not ok and result or "")
end

-- Calls with each odd value in turn, so that no call waits.
local function messages_of_functions(note)
  for _, call in pairs(portend) do
    if type(call) == "function" then
      note(message(call))
      for _, odd in ipairs(ODD) do
        note(message(call, odd))
        note(message(call, "127.0.0.1", odd, 0))
        note(message(call, "127.0.0.1", 9, 0, odd))
      end
    end
  end
end

local function messages_of_methods(note)
  local reservation = assert(portend.reserve())
  for _, object in ipairs({ portend.waiter(), portend.group(), reservation }) do
    for name, method in pairs(getmetatable(object).__index) do
      if type(method) == "function" and not name:find("^_") then
        for _, odd in ipairs(ODD) do
          note(message(method, odd))
          if type(odd) ~= "number" then
            note(message(method, object, odd))
            note(message(method, object, "127.0.0.1", odd))
          end
        end
      end
    end
  end
  reservation:close()
end

describe("A message", function()
  after_each(tools.clean_up)

  it("P61 names no part of C", function()
    local count, seen = 0, {}
    local function note(text)
      if not seen[text] then
        seen[text], count = true, count + 1
      end
    end
    messages_of_functions(note)
    messages_of_methods(note)
    assert.is_true(count > 50)
    for text in pairs(seen) do
      for _, pattern in ipairs(OF_C) do
        assert.is_nil(text:match(pattern), text)
      end
    end
  end)

  it("P61 says that a command is missing", function()
    local ok, said = pcall(portend.with_server, {}, print)
    assert.is_false(ok)
    assert.matches("bad argument #1 to 'with_server' %(the command is missing%)", said)
  end)

  it("P61 tells of an object that is none", function()
    local ok, said = pcall(portend.waiter().close, {})
    assert.is_false(ok)
    assert.matches("no object", said)
  end)

  it("P61 tells of a closed group", function()
    local group = portend.group()
    group:close()
    group:close()
    local waiter = portend.waiter()
    tools.fails(portend.ERR_INVALID, "^The group is closed.$", group:fd())
    tools.fails(portend.ERR_INVALID, "^The group is closed.$", group:next(0))
    tools.fails(portend.ERR_INVALID, "^The group is closed.$", group:start(waiter, 0))
  end)
end)
