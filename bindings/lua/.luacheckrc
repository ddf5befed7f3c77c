-- SPDX-License-Identifier: MIT
-- What every version has.
std = "min"
max_line_length = 120
-- Functions without bodies.
files["luals/*.lua"] = { ignore = { "212", "241", "211" } }
files["spec/**/*_spec.lua"] = { std = "min+busted" }
