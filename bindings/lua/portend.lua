-- SPDX-License-Identifier: MIT

--- Waits for TCP ports to open or close, and finds free local ports.
--
-- Timeouts are seconds; nil and `math.huge` never end, 0 probes once. Ports are numbers from 1 to
-- 65535, or strings that Lua takes for such. Wherever a target is asked for, it is `"host:port"`, as
-- `"[::1]:80"`, `{ host, port }`, or `{ host = host, port = port }`.
--
-- What fails returns nil, a message for people, a code, which is one of `portend.ERR_...`, and errno if a
-- system call was to blame. Bad arguments (a host that is not a string, port 80.5, an unknown field, a list
-- with a hole) raise an error.
-- Ctrl-C ends a wait with the error "interrupted!", as it ends other Lua code.
-- @module portend
-- @usage
-- local portend = require("portend")
-- assert(portend.occupied("localhost", 5432, 30))

local Group = require("portend.group")
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

--- The state did not come in time.
portend.ERR_TIMEOUT = native.ERR_TIMEOUT
--- Something listens on a port that was to be free.
portend.ERR_NOT_FREE = native.ERR_NOT_FREE
--- A value is out of range.
portend.ERR_INVALID = native.ERR_INVALID
--- The host has no address.
portend.ERR_RESOLVE = native.ERR_RESOLVE
--- No port fits what was asked for.
portend.ERR_NO_PORT = native.ERR_NO_PORT
--- The waiter was canceled.
portend.ERR_CANCELED = native.ERR_CANCELED
--- The system refused; the fourth value is errno.
portend.ERR_SYSTEM = native.ERR_SYSTEM
--- Out of memory.
portend.ERR_NO_MEMORY = native.ERR_NO_MEMORY
--- A bug in the library: please report the message.
portend.ERR_INTERNAL = native.ERR_INTERNAL
--- The process that should have brought the state about has died.
portend.ERR_GONE = native.ERR_GONE
--- This system cannot do it.
portend.ERR_UNSUPPORTED = native.ERR_UNSUPPORTED
--- No failure: every target of a waiter has reached its state, and each event was returned.
portend.DONE = native.DONE

--- What a code means, in a few words.
-- @function strerror
-- @int code any number
-- @treturn string a few words
portend.strerror = native.strerror

--- One target
-- @section one

--- Waits until something accepts connections on a port.
-- @function occupied
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt] timeout seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, as ERR_TIMEOUT
portend.occupied = simple.occupied

--- Waits until nothing accepts connections on a port any more.
-- @function free
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt] timeout seconds
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, as ERR_TIMEOUT
portend.free = simple.free

--- Waits until a server that sets SO_REUSEADDR could listen on a port of this machine.
-- @function bindable
-- @string host name or numeric address; a wildcard is all addresses
-- @int port 1 to 65535
-- @number[opt] timeout seconds; 0 probes once
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, as ERR_TIMEOUT
portend.bindable = simple.bindable

--- Waits until no connection of a port of this machine is left.
-- @function drained
-- @string host name or numeric address; a wildcard is all addresses
-- @int port 1 to 65535
-- @number[opt] timeout seconds; 0 probes once
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code, as ERR_TIMEOUT
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

--- Looks once at every address of a host, and fails if one accepts.
-- @function assert_free
-- @string host name or numeric address
-- @int port 1 to 65535
-- @number[opt=1] timeout seconds that one attempt may stay without an answer before it counts as silent;
-- math.huge leaves that to the system
-- @treturn[1] boolean true: nothing accepts
-- @treturn[2] nil
-- @treturn[2] string why: another process listens there
-- @treturn[2] int code, as ERR_NOT_FREE
portend.assert_free = simple.assert_free

--- Many targets
-- @section many

--- Waits until all targets are in a state.
-- @function wait_all
-- @tab targets a list, and beside it as fields: `state` that is wanted, "occupied" (unless set), "free",
-- "bindable" or "drained";
-- `timeout` in seconds; and what @{waiter} takes
-- @treturn[1] boolean true
-- @treturn[2] nil
-- @treturn[2] string a line for each that is not
-- @treturn[2] int code
-- @usage portend.wait_all({ "db:5432", { "cache", 6379 }, timeout = 30 })
portend.wait_all = many.wait_all

--- Waits until one of the targets is in a state, and tells which.
-- @function wait_any
-- @tab targets as of @{wait_all}
-- @treturn[1] {Target,...} those that are, with what was known of them then
-- @treturn[2] nil
-- @treturn[2] string why none is
-- @treturn[2] int code
portend.wait_any = many.wait_any

--- Iterates over changes of state, each once and in order; the first of each target is what is found.
--
-- It ends when the timeout is over. Failures raise an error.
-- @function watch
-- @tab targets a list, and beside it as fields: `timeout` in seconds, and what @{waiter} takes
-- @treturn function gives an @{Waiter.Event|Event}
-- @usage for event in portend.watch({ "db:5432" }) do print(event.target, event.state, event.reason) end
portend.watch = many.watch

--- Makes a waiter, for what the functions above do not say.
-- @function waiter
-- @tab[opt] options the fields are
-- `interval`: the longest interval between two probes in seconds, or `{ shortest, longest }`;
-- `attempt_limit`: seconds that one attempt to connect may stay without an answer (1);
-- `family`: "ipv4" or "ipv6", the addresses that are looked at ("any");
-- `retry_names`: whether a name that does not exist is looked up again until the deadline;
-- `pid`: a process whose exit ends the wait with ERR_GONE;
-- `owner`: a process: only its listeners, and those of its descendants, count;
-- `evidence`: what proves that a port is occupied: "connection" or "table" ("auto": the socket table for
-- addresses of this machine, a connection for others);
-- `stable`: seconds that a connection must stay open to count
-- @treturn[1] Waiter it
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.waiter = many.waiter

--- Makes a group, for many independent waits in one event loop.
-- @function group
-- @treturn Group it
portend.group = Group._new

--- Ports
-- @section ports

--- Finds a port that could be bound a moment ago.
-- @function find_port
-- @tparam[opt] ?string|table options the host where it is to be bound, or a table of
-- `host`;
-- `range`: `{ first, last }`, the ports to choose from;
-- `from`: the port to begin at: the first one from there on is given;
-- `name`: what the port is for, such as a project: the same name gives the same port on every machine, or
-- the next one that can be bound;
-- `prefer`: a list of ports, and of `{ first, last }`, to try first;
-- `only_preferred`: whether no other may be given;
-- `exclude`: a list of ports, and of `{ first, last }`, never to be given;
-- `consecutive`: whether ports that are asked for together follow one another;
-- `browser_safe`: whether ports are left out that browsers refuse to fetch from;
-- `family`: "ipv4" or "ipv6", the addresses of the host that count ("any");
-- `udp`: whether it must be free for UDP also;
-- `avoid_ephemeral`: whether to choose from those that the system does not hand out by itself;
-- `port_server`: false if the server of PORTSERVER_ADDRESS is not to be asked first
-- @treturn[1] int the port
-- @treturn[2] nil
-- @treturn[2] string why there is none
-- @treturn[2] int code, as ERR_NO_PORT
portend.find_port = ports.find_port

--- Finds several, all distinct.
-- @function find_ports
-- @int count how many
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] {int,...} the ports
-- @treturn[2] nil
-- @treturn[2] string why there are not so many
-- @treturn[2] int code
portend.find_ports = ports.find_ports

--- Reserves a port that no other reservation gets.
-- @function reserve
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] Reservation it
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.reserve = ports.reserve

--- Reserves several ports in one search: all, or none.
-- @function reserve_many
-- @int count how many
-- @tparam[opt] ?string|table options as of @{find_port}
-- @treturn[1] {Reservation,...} they
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.reserve_many = ports.reserve_many

--- Tells who listens on this machine, sorted by port and address.
-- @function listeners
-- @int[opt] port that alone
-- @treturn[1] {table,...} as of @{sockets}
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.listeners = sockets.listeners

--- Lists the sockets of this machine, sorted by port, address, kind and peer.
-- @function sockets
-- @tparam[opt] table options `first` and `last` port (1 and 65535); `kinds`, an array of `"listening"`,
-- `"bound"`, `"connected"`, `"time_wait"` and `"udp"` (`{ "listening" }`)
-- @treturn[1] {table,...} each with `kind`, `address`, `port` and `dual_stack` (whether a socket on "::"
-- also takes IPv4); `peer_address` and `peer_port` if there is another end; `pid`, `parent_pid`,
-- `process`, `command_line` and `user` if the system tells; `remaining` seconds of TIME_WAIT
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.sockets = sockets.sockets

--- Tells in plain English why a TCP port is in use: by a listener, a bound socket, a connection, or
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

--- Starts a program that serves a port, calls a function when it listens, and stops all that it started,
-- also if the function raises an error. The program learns the port from PORT in its environment, and from
-- "{port}" in its arguments.
-- @function with_server
-- @tab command the program and its arguments, and beside them as fields: `timeout` in seconds until it is
-- ready (60); `grace` in seconds between TERM and KILL (10); `env`, a table of variables, of which false
-- removes one; `cwd`; `name` for messages; `port`, one that it must listen on; `any_port`, whether another
-- one will do; `output`, a file that its output is appended to
-- @tparam function body takes a table with `port`, `pid`, `alive()` and `output()`
-- @return[1] what the function returns
-- @treturn[2] nil
-- @treturn[2] string why the server is not ready, with its last output
-- @treturn[2] int code, as ERR_GONE
-- @usage portend.with_server({ "redis-server", "--port", "{port}" }, function(redis) test(redis.port) end)
portend.with_server = server.with_server

--- Targets as text
-- @section text

--- Takes `"host:port"` apart.
-- @function parse_target
-- @string text as "db:5432" or "[::1]:80"
-- @treturn[1] string host
-- @treturn[1] int port
-- @treturn[2] nil
-- @treturn[2] string why it is none
-- @treturn[2] int code
portend.parse_target = target.parse_target

--- Puts a target together; wildcards become what @{client_host} makes of them.
-- @function format_target
-- @string host name or numeric address
-- @int port 1 to 65535
-- @treturn[1] string as "[::1]:80"
-- @treturn[2] nil
-- @treturn[2] string why not
-- @treturn[2] int code
portend.format_target = target.format_target

--- The address a client dials to reach a server that is bound to a host.
-- @function client_host
-- @string host as "0.0.0.0"
-- @treturn string as "127.0.0.1"
portend.client_host = target.client_host

return portend
