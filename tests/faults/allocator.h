/* SPDX-License-Identifier: MIT */
/**
 * @file
 * The allocator of this program, in place of that of the C library: it refuses when it is told to. The name
 * service of glibc 2.36 does not survive that, so it always gets what it asks for.
 */
#ifndef PORTEND_TESTS_FAULTS_ALLOCATOR_H
#define PORTEND_TESTS_FAULTS_ALLOCATOR_H

/** To be called first. */
void prepare_allocator(void);

/** From now on the allocations `first` to `last` are refused, counted from 0. */
void begin_refusing(long first, long last);

/** Whether an allocation was refused. */
int end_refusing(void);

/** How many allocations were not freed. */
long live_allocations(void);

/** The next look-up fails with EAI_MEMORY. */
void refuse_look_up(void);
int look_up_is_to_be_refused(void);

#endif
