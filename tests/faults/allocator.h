/* SPDX-License-Identifier: MIT */
/**
 * @file
 * Replaces the allocator of the C library, and refuses allocations on request. The name service of glibc 2.36
 * does not survive refusals, so its allocations always succeed.
 */
#ifndef PORTEND_TESTS_FAULTS_ALLOCATOR_H
#define PORTEND_TESTS_FAULTS_ALLOCATOR_H

/** Must be called first. */
void prepare_allocator(void);

/** From now on, refuses the allocations `first` to `last`, counted from 0. */
void begin_refusing(long first, long last);

/** Ends the refusals. Returns whether an allocation was refused. */
int end_refusing(void);

/** Returns the number of allocations that were not freed. */
long live_allocations(void);

/** Makes the next look-up fail with EAI_MEMORY. */
void refuse_look_up(void);
int look_up_is_to_be_refused(void);

#endif
