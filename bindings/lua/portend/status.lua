-- SPDX-License-Identifier: MIT
-- Converts a status of C to true, or to nil, a message for people, the status, and errno if there is one.
local native = require("portend.native")

local status = {}

--- Returns the message of a failure, from the handle if there is one, and its errno or nil.
function status.message(code, handle)
  local message, number = "", 0
  if handle then
    message, number = handle:message(), handle:errno()
  end
  if message == "" then
    message, number = native.last_error(), native.last_errno()
  end
  return message ~= "" and message or native.strerror(code), number ~= 0 and number or nil
end

--- Returns the values of a failure; the last one only if there is an errno.
function status.failure(message, code, number)
  if number then
    return nil, message, code, number
  end
  return nil, message, code
end

function status.result(code, handle)
  if code == native.OK then
    return true
  end
  local message, number = status.message(code, handle)
  return status.failure(message, code, number)
end

--- Does the same at the end of a handle.
function status.conclude(code, handle)
  if code == native.OK then
    native.close(handle)
    return true
  end
  local message, number = status.message(code, handle)
  native.close(handle)
  return status.failure(message, code, number)
end

return status
