/* SPDX-License-Identifier: MIT */
/* Helpers for tests of socket snapshots. */
#ifndef PORTEND_TEST_PORTS_LISTED_H
#define PORTEND_TEST_PORTS_LISTED_H

#include "support/handles.h"
#include "support/ways.h"

#define skip_if_unsupported()                                                           \
  do {                                                                                  \
    if (is_portable()) {                                                                \
      portend_sockets* none = NULL;                                                     \
      assert_status(portend_sockets_create(1, 65535, PORTEND_SOCKETS_LISTENING, &none), \
                    PORTEND_ERR_UNSUPPORTED);                                           \
      assert_null(none);                                                                \
      assert_contains(portend_last_error(), "cannot be listed");                        \
      skip_because("this build cannot list sockets");                                   \
    }                                                                                   \
  } while (0)

#endif
