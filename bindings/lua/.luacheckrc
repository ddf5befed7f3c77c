-- SPDX-License-Identifier: MIT
-- What every version has.
std = "min"
max_line_length = 120
files["spec/**/*_spec.lua"] = { std = "min+busted" }
