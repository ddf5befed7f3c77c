/* SPDX-License-Identifier: MIT */
/** @file Operations (operations.h) on texts, and on handles with several waits, ports or processes. */
#ifndef PORTEND_TESTS_FAULTS_OPERATIONS_OF_HANDLES_H
#define PORTEND_TESTS_FAULTS_OPERATIONS_OF_HANDLES_H

#include <portend/portend.h>

/** Passes the ports of prepare_operations(). */
void prepare_operations_of_handles(int held_port, int busy_port);

portend_status targets(void);
portend_status probe_once(void);
portend_status wait_in_group(void);
portend_status reserve_many(void);
portend_status find_consecutive(void);
portend_status run_server(void);

#endif
