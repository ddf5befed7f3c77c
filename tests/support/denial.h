/* SPDX-License-Identifier: MIT */
/* A sandbox (seccomp(2)) that denies the process a system call. */
#ifndef PORTEND_TEST_SUPPORT_DENIAL_H
#define PORTEND_TEST_SUPPORT_DENIAL_H

#ifdef __cplusplus
extern "C" {
#endif

struct denial {
  int call;   /* SYS_... */
  int family; /* of socket(2), or 0: whatever the first argument is */
  int error;
};

/* What is denied fails with that error, for the rest of this process. */
void deny(const struct denial* what);

#ifdef __cplusplus
}
#endif
#endif
