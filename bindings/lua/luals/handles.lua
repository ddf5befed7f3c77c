---@meta
-- SPDX-License-Identifier: MIT
-- Waiters, groups and reservations.

---Any number of targets in one wait, each with the state that is wanted of it.
---@class portend.Waiter
---@field targets portend.Target[]
local Waiter = {}

---@param host string
---@param port integer
---@return portend.Target? target, string? message, integer? code
function Waiter:occupied(host, port) end

---@param host string
---@param port integer
---@return portend.Target? target, string? message, integer? code
function Waiter:free(host, port) end

---@param host string
---@param port integer
---@return portend.Target? target, string? message, integer? code
function Waiter:bindable(host, port) end

---@param host string
---@param port integer
---@return portend.Target? target, string? message, integer? code
function Waiter:drained(host, port) end

---@param host string
---@param port integer
---@return portend.Target? target, string? message, integer? code
function Waiter:watch(host, port) end

---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function Waiter:wait_all(timeout) end

---@param timeout? number
---@return portend.Target[]? reached, string? message, integer? code, integer? errno
function Waiter:wait_any(timeout) end

---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function Waiter:assert_free(timeout) end

---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function Waiter:probe(timeout) end

---@param timeout? number
---@return portend.Event? event, string? message, integer? code, integer? errno
function Waiter:next(timeout) end

---@param timeout? number
---@return fun(): portend.Event?
function Waiter:events(timeout) end

---@param timeout? number
---@param mode? "all"|"any"
---@return true? ok, string? message, integer? code, integer? errno
function Waiter:start(timeout, mode) end

---@return integer? descriptor, string? message, integer? code, integer? errno
function Waiter:fd() end

---@return boolean? reached, string? message, integer? code, integer? errno
function Waiter:process() end

function Waiter:cancel() end

---@return true? ok, string? message, integer? code
function Waiter:reset() end

function Waiter:close() end

---Many independent waits in one event loop: one descriptor for all of them.
---@class portend.Group
local Group = {}

---@param waiter portend.Waiter
---@param timeout? number
---@param mode? "all"|"any"
---@return true? ok, string? message, integer? code, integer? errno
function Group:start(waiter, timeout, mode) end

---@param timeout? number
---@return portend.Waiter? waiter, (true|string)? ok_or_message, (string|integer)? message_or_code, integer? code
function Group:next(timeout) end

---@return integer? descriptor, string? message, integer? code
function Group:fd() end

function Group:close() end

---Keeps a port by sockets that are bound and do not listen.
---@class portend.Reservation
---@field port integer
local Reservation = {}

---@return integer[]
function Reservation:fds() end

---@return integer[]? copies, string? message, integer? code
function Reservation:dup() end

---@param enabled boolean
---@return true? ok, string? message, integer? code
function Reservation:set_inheritable(enabled) end

---@param backlog? integer
---@return true? ok, string? message, integer? code
function Reservation:listen(backlog) end

---@return true? ok, string? message, integer? code
function Reservation:inherit() end

---@return integer? seconds, string? message, integer? code
function Reservation:park() end

---@return string
function Reservation:explain() end

function Reservation:close() end
