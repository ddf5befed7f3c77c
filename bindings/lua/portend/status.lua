-- SPDX-License-Identifier: MIT
-- What a status of C becomes: true, or nil, a sentence for people, and the status.
local native = require("portend.native")

local status = {}

--- The sentence of a failure, of the handle where there is one.
function status.message(code, handle)
  local message = handle and handle:message() or ""
  if message == "" then
    message = native.last_error()
  end
  return message ~= "" and message or native.strerror(code)
end

function status.result(code, handle)
  if code == native.OK then
    return true
  end
  return nil, status.message(code, handle), code
end

--- The same at the end of a handle.
function status.conclude(code, handle)
  local ok, message = status.result(code, handle)
  native.close(handle)
  if ok then
    return true
  end
  return nil, message, code
end

return status
