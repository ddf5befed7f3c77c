---@meta portend
-- SPDX-License-Identifier: MIT
-- What editors with LuaLS (lua-language-server) know of portend: this folder is one for `workspace.library`.

---Waits for TCP ports to open or close, and finds free local ports. Timeouts are seconds; nil and `math.huge` never
---end, 0 probes once. A call that fails returns nil, a message, a code, and errno if a system call failed.
---@class portend
---@field _VERSION string
---@field ERR_TIMEOUT integer the state was not reached before the deadline
---@field ERR_NOT_FREE integer the port was to be free, and is occupied
---@field ERR_INVALID integer a value is out of range
---@field ERR_RESOLVE integer the host has no address
---@field ERR_NO_PORT integer no port matches the options of the search
---@field ERR_CANCELED integer the waiter was canceled
---@field ERR_SYSTEM integer the system refused; the fourth value is errno
---@field ERR_NO_MEMORY integer out of memory
---@field ERR_INTERNAL integer a bug in the library: please report the message
---@field ERR_GONE integer the process of the option `pid` has exited
---@field ERR_UNSUPPORTED integer this system, or this host, does not support the request
---@field DONE integer every target of a waiter has reached its state, and each event was returned
local portend = {}

---Describes a code in a few words.
---@param code integer
---@return string
function portend.strerror(code) end

---Waits until a port is occupied: a server listens on an address of the host.
---@param host string
---@param port integer
---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function portend.occupied(host, port, timeout) end

---Waits until no address of the host is occupied.
---@param host string
---@param port integer
---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function portend.free(host, port, timeout) end

---Waits until a server that sets SO_REUSEADDR could listen on a port of this machine.
---@param host string
---@param port integer
---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function portend.bindable(host, port, timeout) end

---Tells whether a server that sets SO_REUSEADDR could listen on a port of this machine now.
---@param host string
---@param port integer
---@return boolean? bindable, string? message, integer? code, integer? errno
function portend.is_bindable(host, port) end

---Waits until no connection of a port of this machine is left.
---@param host string
---@param port integer
---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function portend.drained(host, port, timeout) end

---Probes a port once.
---@param host string
---@param port integer
---@param timeout? number
---@return "occupied"|"free"|nil state, string? message, integer? code, integer? errno
function portend.probe(host, port, timeout) end

---Probes every address of a host once, and fails if one is occupied.
---@param host string
---@param port integer
---@param timeout? number
---@return true? ok, string? message, integer? code, integer? errno
function portend.assert_free(host, port, timeout) end

---Waits until all targets are in a state.
---@param targets portend.Wanted
---@return true? ok, string? message, integer? code, integer? errno
function portend.wait_all(targets) end

---Waits until one of the targets is in a state.
---@param targets portend.Wanted
---@return portend.Target[]? reached, string? message, integer? code, integer? errno
function portend.wait_any(targets) end

---Iterates over changes of state, each once and in order.
---@param targets portend.Watched
---@return fun(): portend.Event?
function portend.watch(targets) end

---Makes a waiter: targets with different states, and options.
---@param options? portend.Settings
---@return portend.Waiter? waiter, string? message, integer? code
function portend.waiter(options) end

---Makes a group, for many independent waits in one event loop.
---@return portend.Group
function portend.group() end

---Finds a port that can be bound now.
---@param options? string|portend.Search
---@return integer? port, string? message, integer? code, integer? errno
function portend.find_port(options) end

---Finds several, all distinct.
---@param count integer
---@param options? string|portend.Search
---@return integer[]? ports, string? message, integer? code, integer? errno
function portend.find_ports(count, options) end

---Returns a port, so that a later search may find it again at once.
---@param port integer
---@return true? ok, string? message, integer? code
function portend.return_port(port) end

---Reserves a port that no other reservation gets.
---@param options? string|portend.Search
---@return portend.Reservation? reservation, string? message, integer? code, integer? errno
function portend.reserve(options) end

---Reserves several ports in one search: all, or none.
---@param count integer
---@param options? string|portend.Search
---@return portend.Reservation[]? reservations, string? message, integer? code, integer? errno
function portend.reserve_many(count, options) end

---Lists the listeners of this machine, sorted by port and address.
---@param port? integer
---@return portend.Socket[]? listeners, string? message, integer? code, integer? errno
function portend.listeners(port) end

---Lists the sockets of this machine, sorted by port, address, kind and peer.
---@param options? { first?: integer, last?: integer, kinds?: portend.Kind[] }
---@return portend.Socket[]? sockets, string? message, integer? code, integer? errno
function portend.sockets(options) end

---Explains in plain English why a TCP port is in use; empty if no socket has it.
---@param port integer
---@return string? explanation, string? message, integer? code, integer? errno
function portend.explain_usage(port) end

---Starts a program that serves a port, calls a function when it listens, and stops all that it started.
---@param command portend.Command
---@param body fun(server: portend.Server): ...
---@return any ...
function portend.with_server(command, body) end

---Splits "host:port" into host and port.
---@param text string
---@return string? host, integer|string port_or_message, integer? code
function portend.parse_target(text) end

---Joins host and port; a wildcard address is replaced by the one that a client connects to.
---@param host string
---@param port integer
---@return string? text, string? message, integer? code
function portend.format_target(host, port) end

---Returns the address that a client connects to, for a server that is bound to a host.
---@param host string
---@return string
function portend.client_host(host) end

return portend
