# SPDX-License-Identifier: MIT
"""A wait in trio: trio_service.py HOST:PORT.

The waiter has a descriptor, which trio polls; a canceled scope ends the wait.
"""

import sys

import portend
import trio


async def occupied(target: str, timeout: float) -> None:
    host, port = portend.parse_target(target)
    with portend.Waiter() as waiter:
        waiter.occupied(host, port)
        waiter.start(timeout)
        print("waiting", flush=True)
        while not waiter.process():
            await trio.lowlevel.wait_readable(waiter)


async def work(rounds: list[int]) -> None:
    """Other work during the wait."""
    while True:
        await trio.sleep(0.01)
        rounds.append(1)


async def main(target: str) -> None:
    rounds: list[int] = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(work, rounds)
        await occupied(target, timeout=30)
        nursery.cancel_scope.cancel()
    print(f"ready; {len(rounds)} rounds of other work meanwhile")


trio.run(main, sys.argv[1])
