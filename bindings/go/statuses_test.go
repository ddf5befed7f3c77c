// SPDX-License-Identifier: MIT

package portend_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/portend/portend/bindings/go"
	"github.com/portend/portend/bindings/go/internal/direct"
	"github.com/portend/portend/bindings/go/internal/native"
)

func TestP38TheVersionIsThatOfTheHeader(t *testing.T) {
	equal(t, portend.Version(), direct.Version())
}

var statuses = map[portend.Status]int{
	portend.ErrTimeout:     native.ERR_TIMEOUT,
	portend.ErrNotFree:     native.ERR_NOT_FREE,
	portend.ErrInvalid:     native.ERR_INVALID,
	portend.ErrResolve:     native.ERR_RESOLVE,
	portend.ErrNoPort:      native.ERR_NO_PORT,
	portend.ErrCanceled:    native.ERR_CANCELED,
	portend.ErrSystem:      native.ERR_SYSTEM,
	portend.ErrNoMemory:    native.ERR_NO_MEMORY,
	portend.ErrInternal:    native.ERR_INTERNAL,
	portend.ErrGone:        native.ERR_GONE,
	portend.ErrUnsupported: native.ERR_UNSUPPORTED,
}

func TestP41EveryStatusOfCIsThere(t *testing.T) {
	for ours, theirs := range statuses {
		equal(t, int(ours), theirs)
	}
	equal(t, len(statuses), direct.Statuses())
}

func TestP41EveryStatusCanBeToldFromTheOthers(t *testing.T) {
	said := map[string]bool{}
	for one := range statuses {
		failed := error(&portend.Error{Status: one})
		for other := range statuses {
			equal(t, errors.Is(failed, other), one == other)
		}
		equal(t, failed.Error(), one.Error())
		said[one.Error()] = true
	}
	equal(t, len(said), len(statuses))
	equal(t, said[portend.Status(-99).Error()], false)
}

func TestP41EveryOtherNumberOfCIsThere(t *testing.T) {
	for ours, theirs := range map[fmt.Stringer]int{
		portend.StateUnknown:       native.STATE_UNKNOWN,
		portend.StateOccupied:      native.STATE_OCCUPIED,
		portend.StateFree:          native.STATE_FREE,
		portend.StateBindable:      native.STATE_BINDABLE,
		portend.StateDrained:       native.STATE_DRAINED,
		portend.ReasonNone:         native.REASON_NONE,
		portend.ReasonAccepted:     native.REASON_ACCEPTED,
		portend.ReasonRefused:      native.REASON_REFUSED,
		portend.ReasonSilent:       native.REASON_SILENT,
		portend.ReasonUnreachable:  native.REASON_UNREACHABLE,
		portend.ReasonUnresolved:   native.REASON_UNRESOLVED,
		portend.ReasonBacklogFull:  native.REASON_BACKLOG_FULL,
		portend.ReasonListening:    native.REASON_LISTENING,
		portend.ReasonForbidden:    native.REASON_FORBIDDEN,
		portend.ReasonOtherOwner:   native.REASON_OTHER_OWNER,
		portend.ReasonClosedEarly:  native.REASON_CLOSED_EARLY,
		portend.ReasonInUse:        native.REASON_IN_USE,
		portend.ReasonConnected:    native.REASON_CONNECTED,
		portend.ReasonBindable:     native.REASON_BINDABLE,
		portend.ReasonDrained:      native.REASON_DRAINED,
		portend.ReasonNotListening: native.REASON_NOT_LISTENING,
	} {
		equal(t, fmt.Sprintf("%d", ours), fmt.Sprint(theirs))
	}
	equal(t, int(portend.EvidenceAuto), native.EVIDENCE_AUTO)
	equal(t, int(portend.EvidenceConnection), native.EVIDENCE_CONNECTION)
	equal(t, int(portend.EvidenceTable), native.EVIDENCE_TABLE)
	equal(t, int(portend.FamilyAny), native.FAMILY_ANY)
	equal(t, int(portend.FamilyIPv4), native.FAMILY_IPV4)
	equal(t, int(portend.FamilyIPv6), native.FAMILY_IPV6)
}

func TestP49WhatTheSystemRefusesHasItsErrno(t *testing.T) {
	said, err := childCommand(t, "lacksDescriptors", nil, closedPort(t)).Output()
	must(t, err)
	equal(t, string(said), "too many open files\ntoo many open files\ntoo many open files\n")
}

func init() {
	children["lacksDescriptors"] = func(arguments []string) {
		var number int
		fmt.Sscan(arguments[0], &number)
		lowest, _ := syscall.Dup(1)
		limit := syscall.Rlimit{Cur: uint64(lowest), Max: uint64(lowest)}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
			panic(err)
		}
		for _, call := range []func(context.Context, string, int) error{
			portend.Free, portend.Occupied, portend.AssertFree,
		} {
			var errno syscall.Errno
			err := call(context.Background(), "127.0.0.1", number)
			if !errors.Is(err, portend.ErrSystem) || !errors.As(err, &errno) {
				fmt.Println(err)
			}
			fmt.Println(errno)
		}
	}
}

func TestAnErrorIsOneOfTheNetwork(t *testing.T) {
	for status := range statuses {
		var network net.Error = &portend.Error{Status: status}
		equal(t, network.Timeout(), status == portend.ErrTimeout)
		equal(t, os.IsTimeout(network), status == portend.ErrTimeout)
	}
}
