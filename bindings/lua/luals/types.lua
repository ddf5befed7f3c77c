---@meta
-- SPDX-License-Identifier: MIT
-- The tables that portend takes and gives.

---@alias portend.State "occupied"|"free"|"bindable"|"drained"
---@alias portend.Endpoint string|{ [1]: string, [2]: integer }|{ host: string, port: integer }
---@alias portend.Ports integer|{ [1]: integer, [2]: integer }
---@alias portend.Kind "listening"|"bound"|"connected"|"time_wait"|"udp"

---@class portend.Settings
---@field interval? number|{ [1]: number, [2]: number } the longest interval between two probes, or both bounds
---@field attempt_limit? number seconds that one attempt to connect may stay without an answer
---@field family? "any"|"ipv4"|"ipv6"
---@field retry_names? boolean whether a name that does not exist is looked up again until the deadline
---@field pid? integer a process whose exit ends the wait with ERR_GONE
---@field owner? integer a process: only its listeners, and those of its descendants, count
---@field evidence? "auto"|"connection"|"table"
---@field stable? number seconds that a connection must stay open to count

---@class portend.Watched: portend.Settings
---@field [integer] portend.Endpoint
---@field timeout? number

---@class portend.Wanted: portend.Watched
---@field state? portend.State

---@class portend.Search
---@field host? string
---@field range? { [1]: integer, [2]: integer } the ports to choose from
---@field from? integer the first port of the search
---@field name? string the purpose of the port: the same name gives the same port on every machine
---@field prefer? portend.Ports[]
---@field only_preferred? boolean
---@field exclude? portend.Ports[]
---@field consecutive? boolean
---@field browser_safe? boolean
---@field family? "any"|"ipv4"|"ipv6"
---@field udp? boolean
---@field avoid_ephemeral? boolean
---@field port_server? boolean

---@class portend.Target
---@field host string
---@field port integer
---@field state portend.State|"unknown"
---@field reason string why, in a word
---@field reached boolean
---@field address string
---@field elapsed number
---@field probes integer
---@field explanation string

---@class portend.Event
---@field target portend.Target
---@field state portend.State|"unknown"
---@field reason string
---@field address string
---@field time number
---@field monotonic number
---@field errno? integer

---@class portend.Socket
---@field kind portend.Kind
---@field address string
---@field port integer
---@field dual_stack boolean
---@field peer_address? string
---@field peer_port? integer
---@field pid? integer
---@field parent_pid? integer
---@field process? string
---@field command_line? string
---@field user? string
---@field remaining? number

---@class portend.Command
---@field [integer] string
---@field timeout? number
---@field grace? number
---@field env? table<string, string|false>
---@field cwd? string
---@field name? string
---@field port? integer
---@field any_port? boolean
---@field any_owner? boolean
---@field reserved? boolean
---@field output? string

---@class portend.Server
---@field port integer
---@field pid integer
---@field alive fun(): boolean
---@field output fun(): string
