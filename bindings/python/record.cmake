# SPDX-License-Identifier: MIT
# Records the installed package for pip, so that "pip uninstall portend-native" removes it.
#
# portend_python_record(FILE NATIVE SOURCES...): writes RECORD, one line per installed file. Sizes and digests
# are optional, and unknown here for files that others install.
function(portend_python_record file native)
  set(info portend_native-${PROJECT_VERSION}.dist-info)
  set(names portend/${native} ${ARGN} ${info}/METADATA ${info}/INSTALLER ${info}/RECORD)
  list(TRANSFORM names APPEND ",,")
  list(JOIN names "\n" lines)
  file(WRITE ${file} "${lines}\n")
endfunction()
