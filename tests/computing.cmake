# SPDX-License-Identifier: MIT
# Tests that need a processor to themselves. Most tests wait, so `dev` runs three at once for each processor; these
# count as three, and start first, since they also take longest.
function(portend_tests_compute)
  set_tests_properties(${ARGN} PROPERTIES PROCESSORS 3 COST 1000)
endfunction()
