# SPDX-License-Identifier: MIT
"""Programs of Google Benchmark."""

import json
import subprocess

from measuring import SMOKE, program, require


IN_RANDOM_ORDER = ("--benchmark_enable_random_interleaving=true", "--benchmark_repetitions=4")


def add_round(samples, name, seconds=0.05, order=()):
    """Runs a program once, each of its benchmarks for some time, and adds the processor time per call in
    nanoseconds. None of these calls sleeps. Other activity of the machine affects processor time less
    than elapsed time."""
    seconds = 0.001 if SMOKE else seconds
    done = subprocess.run([program(name), "--benchmark_format=json", f"--benchmark_min_time={seconds}", *order],
                          stdout=subprocess.PIPE, text=True)
    require(done.returncode == 0, f"{name} ended by {done.returncode}")
    for result in json.loads(done.stdout)["benchmarks"]:
        if result["run_type"] != "iteration":
            continue
        require(not result.get("error_occurred"), f"{result['name']}: {result.get('error_message')}")
        unit = {"ns": 1, "us": 1e3, "ms": 1e6}[result["time_unit"]]
        samples.add(result["run_name"].replace("/", " "), result["cpu_time"] * unit)
