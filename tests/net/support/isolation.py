# SPDX-License-Identifier: MIT
"""Runs each test in its own process, the first one in its own process, mount and network namespaces, with
loopback up and an empty /run. Whatever the test starts, mounts or configures ends with it, and a crash
fails only one test. If namespaces are refused, a test is skipped, unless it only wants quiet ports
(pytest.mark.quiet): then it runs beside the programs of the machine."""

import contextlib
import faulthandler
import os
import pickle
import signal
import subprocess
import sys

import kit
import pytest
from _pytest.outcomes import OutcomeException, Skipped

from . import kernel

LONGEST_TEST = 100  # seconds; a longer test hangs


os.environ.pop("LD_PRELOAD", None)  # a sanitizer, which real servers must not load
REFUSAL = kit.refusal_of_namespaces()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if REFUSAL and not pyfuncitem.get_closest_marker("quiet"):
        pytest.skip(REFUSAL)
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    kind, text = run_apart(lambda: pyfuncitem.obj(**arguments))
    if kind == "skipped":
        pytest.skip(text)
    if kind != "passed":
        pytest.fail(text, pytrace=False)
    return True


def run_apart(body):
    """Runs `body` in its own process. Returns passed, skipped or failed, and why."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    keeper = os.fork()
    if keeper == 0:
        os.close(reading)
        _keep(body, writing)
    os.close(writing)
    with open(reading, "rb") as pipe:
        report = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(keeper, 0)[1])
    if report:
        return pickle.loads(report)
    if status < 0:
        return "failed", f"The test died of {signal.Signals(-status).name}."
    return "failed", f"The test ended by exit({status})."


def _keep(body, writing):
    """A new process namespace applies only to children, so this process stands between."""
    kernel.die_with_parent(signal.SIGKILL)
    if not REFUSAL:
        kernel.unshare(kernel.CLONE_NEWPID | kernel.CLONE_NEWNS | kernel.CLONE_NEWNET)
    test = os.fork()
    if test == 0:
        _run(body, writing)
    os.close(writing)
    status = os.waitstatus_to_exitcode(os.waitpid(test, 0)[1])
    if status < 0:
        signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
        os.kill(os.getpid(), -status)
    os._exit(max(status, 0))


def _run(body, writing):
    kernel.die_with_parent(signal.SIGKILL)
    faulthandler.enable()
    faulthandler.dump_traceback_later(LONGEST_TEST, exit=True)
    report = ("passed", "")
    try:
        if not REFUSAL:
            _furnish()
        body()
    except Skipped as skipped:
        report = ("skipped", skipped.msg)
    except OutcomeException as outcome:
        report = ("failed", outcome.msg)
    except BaseException:
        report = ("failed", str(pytest.ExceptionInfo.from_current().getrepr(style="short")))
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os.write(writing, pickle.dumps(report))
    os._exit(0)


def _furnish():
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("proc", "/proc", "proc")
    kernel.mount("tmpfs", "/run", "tmpfs")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
