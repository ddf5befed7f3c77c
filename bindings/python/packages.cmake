# SPDX-License-Identifier: MIT
# portend_sdist makes portend-native-*.tar.gz with the wrapper and the library. portend_wheel makes a wheel of
# it for this Python. Both are in build/.../bindings/packages.
set(stage ${CMAKE_CURRENT_BINARY_DIR}/sdist)
set(tree)
foreach(source IN LISTS sources ITEMS pyproject.toml setup.py MANIFEST.in README.md)
  list(APPEND tree ${CMAKE_CURRENT_SOURCE_DIR}/${source})
endforeach()

portend_package(portend_sdist portend-native-${PROJECT_VERSION}.tar.gz
  COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/pack.py sdist ${CMAKE_CURRENT_SOURCE_DIR} ${stage}
    ${portend_packages} --also ${PROJECT_SOURCE_DIR}/LICENSE ${wrapper} ${portend_amalgamation}
  DEPENDS ${tree} ${wrapper})
add_custom_target(portend_wheel
  COMMAND Python3::Interpreter -B ${CMAKE_CURRENT_SOURCE_DIR}/pack.py wheel
    ${portend_packages}/portend-native-${PROJECT_VERSION}.tar.gz ${portend_packages}
  DEPENDS portend_sdist VERBATIM)
