-- SPDX-License-Identifier: MIT
-- Converts arguments to what C takes. Invalid ones raise an error, as in functions of Lua itself. C checks
-- whether a value is in range.
local native = require("portend.native")

local arguments = {}

local here = debug.getinfo(1, "S").source:gsub("arguments%.lua$", "")
local LARGEST_INT = 2 ^ 31 - 1
local LONGEST_MS = 2 ^ 53

-- The level of the caller of this library, for error().
local function level_outside()
  local level = 2
  while true do
    local info = debug.getinfo(level, "S")
    local is_ours = info and (info.what == "tail" or info.source:sub(1, #here) == here)
    if not is_ours then
      return level - 1
    end
    level = level + 1
  end
end

--- Raises an error about an argument.
-- @param where its position, or the name of a field
-- @param caller the function
-- @param reason what is wrong with it
function arguments.refuse(where, caller, reason)
  local form = type(where) == "number" and "bad argument #%d to '%s' (%s)" or "bad field '%s' for '%s' (%s)"
  error(form:format(where, caller, reason), level_outside())
end

local function expected(what, value, where, caller)
  local got = value == nil and "no value" or type(value)
  arguments.refuse(where, caller, ("%s expected, got %s"):format(what, got))
end

function arguments.text(value, where, caller)
  if type(value) ~= "string" then
    expected("string", value, where, caller)
  elseif value:find("\0", 1, true) then
    arguments.refuse(where, caller, "string contains zeros")
  end
  return value
end

--- Converts a number, or a string that Lua accepts as one.
function arguments.number(value, where, caller)
  local number = type(value) == "number" and value
  -- Lua 5.1 takes a NUL for the end of the string.
  if type(value) == "string" and not value:find("\0", 1, true) then
    number = tonumber(value)
  end
  if not number then
    expected("number", value, where, caller)
  elseif number ~= number then
    arguments.refuse(where, caller, "number expected, got NaN")
  end
  return number
end

--- Converts a number without a fraction, such as a port.
function arguments.whole(value, where, caller)
  local number = arguments.number(value, where, caller)
  if number < -LARGEST_INT - 1 or number > LARGEST_INT then
    arguments.refuse(where, caller, "number out of range")
  elseif number % 1 ~= 0 then
    arguments.refuse(where, caller, "number has no integer representation")
  end
  return math.floor(number)
end

--- Converts a timeout from seconds, rounded up; nil and math.huge never end.
function arguments.milliseconds(value, where, caller)
  if value == nil then
    return native.FOREVER
  end
  local length = arguments.number(value, where, caller) * 1000
  if length >= LONGEST_MS then
    return native.FOREVER
  elseif length < 0 then
    -- Never -1, which C takes for FOREVER.
    return math.max(math.min(math.floor(length), -2), -LONGEST_MS)
  end
  return math.ceil(length)
end

function arguments.microseconds(value, where, caller)
  local length = arguments.number(value, where, caller) * 1e6
  return math.floor(math.max(math.min(length, LONGEST_MS), -LONGEST_MS) + 0.5)
end

function arguments.table(value, where, caller)
  if type(value) ~= "table" then
    expected("table", value, where, caller)
  end
  return value
end

--- Converts one of some words to its number in C.
function arguments.word(value, words, where, caller)
  local number = words[arguments.text(value, where, caller)]
  if not number then
    arguments.refuse(where, caller, ("invalid option '%s'"):format(value))
  end
  return number
end

--- Converts to 0 or 1.
function arguments.flag(value)
  return value and 1 or 0
end

--- Checks a table of options, or nil. Refuses unknown fields.
function arguments.options(value, known, caller)
  if value == nil then
    return {}
  end
  for name in pairs(arguments.table(value, 1, caller)) do
    if type(name) ~= "number" and not known[name] then
      arguments.refuse(tostring(name), caller, "unknown field")
    end
  end
  return value
end

return arguments
