/* SPDX-License-Identifier: MIT */
/* Denies the process a system call, by a sandbox (seccomp(2)). */
#ifndef PORTEND_TEST_SUPPORT_DENIAL_H
#define PORTEND_TEST_SUPPORT_DENIAL_H

#ifdef __cplusplus
extern "C" {
#endif

struct denial {
  int call;   /* SYS_... */
  int family; /* of socket(2); 0: any first argument */
  int error;
};

/* Makes the call fail with that error, for the rest of this process. */
void deny(const struct denial* what);

#ifdef __cplusplus
}
#endif
#endif
