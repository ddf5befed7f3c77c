// SPDX-License-Identifier: MIT

//go:build race

package portend_test

const raceDetector = true
