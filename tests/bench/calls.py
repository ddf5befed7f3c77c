# SPDX-License-Identifier: MIT
"""Programs of Google Benchmark."""

import json
import subprocess

from measuring import SMOKE, program, require


def add_round(samples, name, seconds=0.05):
    """Runs a program once, each of its benchmarks for some time, and adds the nanoseconds of
    processor time that a call took. None of these calls sleeps, and what else the machine does
    counts less in it than in the time of the clock."""
    seconds = 0.001 if SMOKE else seconds
    done = subprocess.run([program(name), "--benchmark_format=json", f"--benchmark_min_time={seconds}"],
                          stdout=subprocess.PIPE, text=True)
    require(done.returncode == 0, f"{name} ended by {done.returncode}")
    for result in json.loads(done.stdout)["benchmarks"]:
        require(not result.get("error_occurred"), f"{result['name']}: {result.get('error_message')}")
        unit = {"ns": 1, "us": 1e3, "ms": 1e6}[result["time_unit"]]
        samples.add(result["name"].replace("/", " "), result["cpu_time"] * unit)
