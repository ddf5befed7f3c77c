/* SPDX-License-Identifier: MIT */
/*
 * kit network [silent] COMMAND...   runs a program in a network with nothing but loopback, and with "silent"
 * a network 10.66.0.0/24 that never answers. If that is refused, exits with 77 and prints why. kit quiet
 * [silent] COMMAND...     the same; if that is refused, uses the network of the machine.
 *
 * PORTEND_OWN_NETWORK and PORTEND_SILENT_HOST tell the program what it has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit.h"
#include "support/network.h"

enum { usage = 2, refused = 77, not_found = 127 };

int run_in_network(char** words) {
  const bool is_needed = strcmp(*words, "network") == 0;
  ++words;
  const bool is_silent = *words != NULL && strcmp(*words, "silent") == 0;
  if (is_silent) ++words;
  if (*words == NULL) return usage;
  const char* reason = enter_network();
  const char* not_silent = is_silent && reason == NULL ? refusal_of_silent_network() : NULL;
  if (reason == NULL) setenv("PORTEND_OWN_NETWORK", "1", 1);
  if (is_silent && reason == NULL && not_silent == NULL) {
    keep_over_exec(make_silent_network());
    setenv("PORTEND_SILENT_HOST", "10.66.0.9", 1);
  }
  if (not_silent != NULL && is_needed) reason = not_silent;
  if (reason != NULL) fprintf(stderr, "%s%s\n", is_needed ? "skipped: " : "beside other programs: ", reason);
  if (reason != NULL && is_needed) return refused;
  execvp(*words, words);
  perror(*words);
  return not_found;
}
