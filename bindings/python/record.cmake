# SPDX-License-Identifier: MIT
# What pip has to know of the installed package, so that "pip uninstall portend-native" removes it.
#
# portend_python_record(FILE NATIVE SOURCES...): writes RECORD, a line per installed file. Sizes and digests may be
# left out; those of files that are installed by others are unknown here.
function(portend_python_record file native)
  set(info portend_native-${PROJECT_VERSION}.dist-info)
  set(names portend/${native} ${ARGN} ${info}/METADATA ${info}/INSTALLER ${info}/RECORD)
  list(TRANSFORM names APPEND ",,")
  list(JOIN names "\n" lines)
  file(WRITE ${file} "${lines}\n")
endfunction()
