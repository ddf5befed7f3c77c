-- SPDX-License-Identifier: MIT

--- Waits for TCP ports to open or close, and finds free local ports.
--
-- Timeouts are seconds; nil and `math.huge` never end, 0 probes once. Ports are numbers from 1 to
-- 65535, or strings that Lua converts to such. A target is `"host:port"`, such as `"[::1]:80"`,
-- `{ host, port }`, or `{ host = host, port = port }`.
--
-- A call that fails returns nil, a message for people, a code (one of `portend.ERR_...`), and errno if a
-- system call failed. Bad arguments (a host that is not a string, port 80.5, an unknown field, a list
-- with a gap) raise an error. Ctrl-C ends a wait with the error "interrupted!", as it ends other Lua code.
-- @module portend
-- @usage
-- local portend = require("portend")
-- assert(portend.occupied("localhost", 5432, 30))

local Group = require("portend.group")
local arguments = require("portend.arguments")
local many = require("portend.many")
local native = require("portend.native")
local ports = require("portend.ports")
local server = require("portend.server")
local simple = require("portend.simple")
local sockets = require("portend.sockets")
local target = require("portend.target")

local portend = {}

--- The version of the library that does the work, "1.0.0".
portend._VERSION = native.version()

--- Codes of failures.
-- @section codes

--- The state was not reached before the deadline.
portend.ERR_TIMEOUT = native.ERR_TIMEOUT
--- The port must be free, and is occupied.
portend.ERR_NOT_FREE = native.ERR_NOT_FREE
--- A value is out of range.
portend.ERR_INVALID = native.ERR_INVALID
--- The host has no address.
portend.ERR_RESOLVE = native.ERR_RESOLVE
--- No port matches the options of the search.
portend.ERR_NO_PORT = native.ERR_NO_PORT
--- The waiter was canceled.
portend.ERR_CANCELED = native.ERR_CANCELED
--- The system refused; the fourth value is errno.
portend.ERR_SYSTEM = native.ERR_SYSTEM
--- Out of memory.
portend.ERR_NO_MEMORY = native.ERR_NO_MEMORY
--- A bug in the library: please report the message.
portend.ERR_INTERNAL = native.ERR_INTERNAL
--- The process of the option `pid` has exited.
portend.ERR_GONE = native.ERR_GONE
--- This system, or this host, does not support the request.
portend.ERR_UNSUPPORTED = native.ERR_UNSUPPORTED
--- No failure: every target of a waiter has reached its state, and each event was returned.
portend.DONE = native.DONE

--- Describes a code in a few words.
-- @function strerror
-- @int code any number
-- @treturn string a few words
function portend.strerror(code)
  return native.strerror(arguments.whole(code, 1, "strerror"))
end

--- One target
-- @section one

--- Waits until a port is occupied: a server listens on an address of the host.
-- @function occupied
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt] timeout seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, such as ERR_TIMEOUT
portend.occupied = simple.occupied

--- Waits until no address of the host is occupied.
-- @function free
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt] timeout seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, such as ERR_TIMEOUT
portend.free = simple.free

--- Waits until a server that sets SO_REUSEADDR could listen on a port of this machine.
-- @function bindable
-- @string host name or numeric address; a wildcard is all addresses
-- @int port 1 to 65535
-- @number[opt] timeout seconds; 0 probes once
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, such as ERR_TIMEOUT
portend.bindable = simple.bindable

--- Tells whether a server that sets SO_REUSEADDR could listen on a port of this machine now.
-- @function is_bindable
-- @string host name or numeric address; a wildcard is all addresses
-- @int port 1 to 65535
-- @treturn[1] boolean whether it could
-- @treturn[2] nil
-- @treturn[2] string why that is not known
-- @treturn[2] int code
portend.is_bindable = simple.is_bindable

--- Waits until a port of this machine has no connection any more.
-- @function drained
-- @string host name or numeric address; a wildcard is all addresses
-- @int port 1 to 65535
-- @number[opt] timeout seconds; 0 probes once
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, such as ERR_TIMEOUT
portend.drained = simple.drained

--- Probes a port once.
-- @function probe
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt=1] timeout seconds that one attempt may stay without an answer
-- @treturn[1] string "occupied" or "free"
-- @treturn[2] nil
-- @treturn[2] string why the state is not known
-- @treturn[2] int code
portend.probe = simple.probe

--- Probes every address of a host once, and fails if one is occupied.
-- @function assert_free
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt=1] timeout seconds that one attempt may stay without an answer before it counts as silent;
-- math.huge leaves that to the system
-- @treturn[1] boolean true: the port is free
-- @treturn[2] nil
-- @treturn[2] string the message, which names the owner of the port if the system tells it
-- @treturn[2] int code, such as ERR_NOT_FREE
portend.assert_free = simple.assert_free

--- Many targets
-- @section many

--- Waits until all targets are in a state.
-- @function wait_all
-- @tab targets a list, with the fields `state`, which is "occupied" (the default), "free", "bindable" or
-- "drained"; `timeout` in seconds; and the options of @{waiter}
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string a line for each target that is not
-- @treturn[2] int code
-- @usage portend.wait_all({ "db:5432", { "cache", 6379 }, timeout = 30 })
portend.wait_all = many.wait_all

--- Waits until one of the targets is in a state.
-- @function wait_any
-- @tab targets as of @{wait_all}
-- @treturn[1] {Target,...} the targets that are in the state, as known at that moment
-- @treturn[2] nil
-- @treturn[2] string why no target is in the state
-- @treturn[2] int code
portend.wait_any = many.wait_any

--- Iterates over changes of state, each once and in order; the first of each target is the state that is
-- found.
--
-- The iteration ends after the timeout. A failure raises an error.
-- @function watch
-- @tab targets a list, with the fields `timeout` in seconds, and the options of @{waiter}
-- @treturn function returns an @{Waiter.Event|Event}
-- @usage for event in portend.watch({ "db:5432" }) do print(event.target, event.state, event.reason) end
portend.watch = many.watch

--- Makes a waiter: targets with different states, and options.
-- @function waiter
-- @tab[opt] options the fields are
-- `interval`: the longest interval between two probes in seconds, or `{ shortest, longest }`;
-- `attempt_limit`: seconds that one attempt to connect may stay without an answer (1);
-- `family`: "ipv4" or "ipv6", the addresses that are probed ("any");
-- `retry_names`: whether a name that does not exist is looked up again until the deadline;
-- `pid`: a process whose exit ends the wait with ERR_GONE;
-- `owner`: a process: only its listeners, and those of its descendants, count;
-- `evidence`: what counts as proof that a port is occupied: "connection" or "table" ("auto": the socket table for
-- addresses of this machine, a connection for others);
-- `stable`: seconds that a connection must stay open to count
-- @treturn[1] Waiter the waiter
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.waiter = many.waiter

--- Makes a group, for many independent waits in one event loop.
-- @function group
-- @treturn Group the group
portend.group = Group._new

--- Ports
-- @section ports

--- Finds a port that can be bound now.
-- @function find_port
-- @tparam[opt] ?string|table options the host on which the port is to be bound, or a table of
-- `host`;
-- `range`: `{ first, last }`, the ports to choose from;
-- `from`: where the search starts;
-- `name`: the purpose of the port, such as a project: the same name gives the same port on every machine, or
-- the next one that can be bound;
-- `prefer`: a list of ports, and of `{ first, last }`, to try first;
-- `only_preferred`: whether to find only preferred ports;
-- `exclude`: a list of ports, and of `{ first, last }`, that are never found;
-- `consecutive`: whether several ports are adjacent;
-- `browser_safe`: whether to exclude ports that browsers refuse;
-- `family`: "ipv4" or "ipv6", the addresses of the host to use ("any");
-- `udp`: whether the port must also be free for UDP;
-- `avoid_ephemeral`: whether to choose from the ports that the system does not assign by itself;
-- `port_server`: false not to ask the server of PORTSERVER_ADDRESS first
-- @treturn[1] int the port
-- @treturn[2] nil
-- @treturn[2] string why there is none
-- @treturn[2] int code, such as ERR_NO_PORT
portend.find_port = ports.find_port

--- Finds several distinct ports.
-- @function find_ports
-- @int count how many
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] {int,...} the ports
-- @treturn[2] nil
-- @treturn[2] string why there are not enough
-- @treturn[2] int code
portend.find_ports = ports.find_ports

--- Returns a port that a search found and that its server does not use any more, so that a later search may
-- find it again at once.
--
-- A port server takes no port back before this process has ended: its port is kept for this process, and found
-- again before the port server is asked. A port that was found by its number is not passed over any more. Other
-- ports need no return.
-- @function return_port
-- @int port 1 to 65535
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.return_port = ports.return_port

--- Reserves a port that no other reservation gets.
-- @function reserve
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] Reservation the reservation
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.reserve = ports.reserve

--- Reserves several ports in one search: all, or none.
-- @function reserve_many
-- @int count how many
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] {Reservation,...} the reservations
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.reserve_many = ports.reserve_many

--- Lists the listeners of this machine, sorted by port and address.
-- @function listeners
-- @int[opt] port only the listeners of this port
-- @treturn[1] {table,...} as @{sockets} returns
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.listeners = sockets.listeners

--- Lists the sockets of this machine, sorted by port, address, kind and peer.
-- @function sockets
-- @tparam[opt] table options `first` and `last` port (1 and 65535); `kinds`, an array of `"listening"`,
-- `"bound"`, `"connected"`, `"time_wait"` and `"udp"` (`{ "listening" }`)
-- @treturn[1] {table,...} each with `kind`, `address`, `port` and `dual_stack` (whether a socket on "::"
-- also accepts IPv4); `peer_address` and `peer_port` of a connection; `pid`, `parent_pid`,
-- `process`, `command_line` and `user` if the system tells; `remaining` seconds of TIME_WAIT
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.sockets = sockets.sockets

--- Explains in plain English why a TCP port is in use: by a listener, a bound socket, a connection, or
-- TIME_WAIT.
-- @function explain_usage
-- @int port the port
-- @treturn[1] string empty if no socket has the port
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.explain_usage = sockets.explain_usage

--- Servers
-- @section servers

--- Starts a program that serves a port, calls a function when the program listens, and stops all processes it
--- started, also if the function raises an error. The program gets the port in PORT of its environment, and
--- in place of "{port}" in its arguments.
-- @function with_server
-- @tab command the program and its arguments, with the fields `timeout` in seconds until the server is
-- ready (60); `grace` in seconds between TERM and KILL (10); `env`, a table of variables, where false
-- removes one; `cwd`; `name` for messages; `port`, which the server must listen on; `any_port`, whether it may
-- listen on another port; `any_owner`, whether a listener of another process counts; `reserved`: false
-- releases the port at the start, for a program that does not set SO_REUSEADDR; `output`, a file that its output is
-- appended to
-- @tparam function body takes a table with `port`, `pid`, `alive()` and `output()`
-- @return[1] what the function returns
-- @treturn[2] nil
-- @treturn[2] string why the server is not ready, with its last output
-- @treturn[2] int code, such as ERR_GONE
-- @usage portend.with_server({ "redis-server", "--port", "{port}" }, function(redis) test(redis.port) end)
portend.with_server = server.with_server

portend.parse_target = target.parse_target
portend.format_target = target.format_target
portend.client_host = target.client_host

return portend
