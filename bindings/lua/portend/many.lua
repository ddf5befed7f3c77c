-- SPDX-License-Identifier: MIT
-- Many targets, all wanted in the same state; see Waiter for the rest.
local native = require("portend.native")
local arguments = require("portend.arguments")
local target = require("portend.target")
local Waiter = require("portend.waiter")

local many = {}

local STATES = { occupied = native.STATE_OCCUPIED, free = native.STATE_FREE }

local function known(extra)
  return setmetatable(extra, {
    __index = function(_, name)
      return Waiter._knows(name)
    end,
  })
end

local OF_WAITER = known({})
local OF_WATCH = known({ timeout = true })
local OF_WAIT = known({ timeout = true, state = true })

-- "db:5432" or { "db", 5432 }: host and port, or nil, a sentence and a code.
local function endpoint(value, caller)
  if type(value) == "string" then
    return target.parse_target(value)
  elseif type(value) ~= "table" then
    arguments.refuse(1, caller, ("target expected, got %s"):format(type(value)))
  end
  return value[1], value[2]
end

local function waiter_for(options, wanted, caller)
  local waiter, message, code = Waiter._new(options, caller)
  if not waiter then
    return nil, message, code
  end
  for _, each in ipairs(options) do
    local host, port, status = endpoint(each, caller)
    local added = host
    if status then
      message, code = port, status
    else
      added, message, code = Waiter._add(waiter, host, port, wanted, caller)
    end
    if not added then
      waiter:close()
      return nil, message, code
    end
  end
  return waiter
end

local function wait_for(targets, method)
  local options = arguments.options(arguments.table(targets, 1, method), OF_WAIT, method)
  local wanted = arguments.word(options.state or "occupied", STATES, "state", method)
  arguments.milliseconds(options.timeout, "timeout", method)
  local waiter, message, code = waiter_for(options, wanted, method)
  if not waiter then
    return nil, message, code
  end
  local ok
  ok, message, code = waiter[method](waiter, options.timeout)
  return waiter, ok, message, code
end

function many.waiter(options)
  return Waiter._new(arguments.options(options, OF_WAITER, "waiter"), "waiter")
end

function many.wait_all(targets)
  local waiter, ok, message, code = wait_for(targets, "wait_all")
  if not waiter then
    return nil, ok, message
  end
  waiter:close()
  if ok then
    return true
  end
  return nil, message, code
end

function many.wait_any(targets)
  local waiter, reached, message, code = wait_for(targets, "wait_any")
  if not waiter then
    return nil, reached, message
  end
  local found = {}
  for index, each in ipairs(reached or {}) do
    found[index] = target.snapshot(each)
  end
  waiter:close()
  if reached then
    return found
  end
  return nil, message, code
end

function many.watch(targets)
  local options = arguments.options(arguments.table(targets, 1, "watch"), OF_WATCH, "watch")
  arguments.milliseconds(options.timeout, "timeout", "watch")
  local waiter, message = waiter_for(options, nil, "watch")
  if not waiter then
    error(message, 2)
  end
  -- The fourth is closed at the end of a loop by Lua 5.4, however it ends.
  return waiter:events(options.timeout), nil, nil, waiter
end

return many
