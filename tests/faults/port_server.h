/* SPDX-License-Identifier: MIT */
/** @file A port server (portend/find.h) in a process of its own, which ends with this one. */
#ifndef PORTEND_TESTS_FAULTS_PORT_SERVER_H
#define PORTEND_TESTS_FAULTS_PORT_SERVER_H

void start_port_server(void);

/** Whether the environment names it. This allocates nothing, and so is no fault itself. */
void name_port_server(int named);

#endif
