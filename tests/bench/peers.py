# SPDX-License-Identifier: MIT
"""A server of this machine starts during a wait for it, and a command runs after the wait. Measures its
lateness and the total processor time, for the programs that people use to wait."""

import os
import random
import shlex
import shutil
import signal
import subprocess
import time

from helpers import server
from measuring import SMOKE, Samples, Table, own_network, processor_time, require, rounds, save

PORTEND = os.environ["PORTEND"]
MS = 1_000_000
CLOCK = "date +%s%N"
ENDLESS = "sleep 1000"  # for a peer that always starts a server

# Where `npm install` put the peers; PORTEND_PEERS names it.
MODULES = os.path.join(os.environ.get("PORTEND_PEERS", ""), "node_modules/.bin")


def node_program(name):
    return shutil.which(name, path=MODULES)


def python3_portend():
    found = subprocess.run(["/usr/bin/python3", "-I", "-c", "import portend"], capture_output=True)
    return "/usr/bin/python3 -I -m portend" if found.returncode == 0 else None


def then(wait):
    return f"{wait} && {CLOCK}"


def ways():
    """Returns the commands by their names, with {} for the target, without those that are not installed."""
    nc, wait_on, starter = shutil.which("nc"), node_program("wait-on"), node_program("start-server-and-test")
    wait_for_it, python = shutil.which("wait-for-it"), python3_portend()
    loop = "until nc -z {host} {port} 2>/dev/null; do sleep %s; done"
    found = {
        "portend": f"{shlex.quote(PORTEND)} {{host}}:{{port}} occupied -- {CLOCK}",
        "nc, every 0.1 s": nc and then(loop % 0.1),
        "nc, every second": nc and then(loop % 1),
        "python3-portend": python and then(python + " {host}:{port} occupied"),
        "wait-for-it": wait_for_it and then("wait-for-it -q -t 0 {host}:{port}"),
        "wait-on": wait_on and then(wait_on + " tcp:{host}:{port}"),
        "start-server-and-test": starter and f"exec {starter} '{ENDLESS}' tcp:{{host}}:{{port}} '{CLOCK}'",
    }
    return {name: command for name, command in found.items() if command}


def clock_of(waiter, name):
    """Returns what the command after the wait printed. Ends a peer that does not end by itself."""
    for line in waiter.stdout:
        if line.strip().isdigit():
            break
    else:
        require(False, f"{name} ended without running the command")
    try:
        waiter.wait(1)
    except subprocess.TimeoutExpired:
        os.killpg(waiter.pid, signal.SIGKILL)
        waiter.wait()
    waiter.stdout.close()
    return int(line)


def measure(samples, name, command):
    """Measures one wait for a server that listens at a random moment."""
    seconds = random.uniform(1, 3) if not SMOKE else 0.5
    with server() as comer:
        port = comer.ask("bind")[0]
        line = command.format(host="127.0.0.1", port=port)
        offset = time.time_ns() - time.monotonic_ns()
        waiter = subprocess.Popen(["sh", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                  start_new_session=True)
        listening = comer.ask("listen", time.monotonic_ns() + int(seconds * 1e9))[0] + offset
        before = processor_time()
        ran = clock_of(waiter, name)
    samples.add(name + " late", (ran - listening) / MS)
    samples.add(name + " cpu", processor_time() - before)


def main():
    own_network()
    samples = Samples()
    commands = ways()
    for _ in range(rounds(9)):
        for name, command in commands.items():
            measure(samples, name, command)
    table = Table("a command behind a wait of 1 to 3 s", "ms")
    for name in commands:
        table.note(f"{name}: late by", samples(name + " late"))
        table.note(f"{name}: processor time", samples(name + " cpu"))
    table.show()
    save("peers", {name: {"late": samples(name + " late"), "cpu": samples(name + " cpu")} for name in commands})


main()
