# SPDX-License-Identifier: MIT
"""An asyncio service that waits for other services: asyncio_service.py DATABASE CACHE.

Both waits run beside other work of the loop, in one group of the library and without a
thread.
"""

import asyncio
import sys

from portend import aio


async def work(done: asyncio.Event) -> int:
    """Other work of the service during the waits."""
    rounds = 0
    while not done.is_set():
        await asyncio.sleep(0.01)
        rounds += 1
    return rounds


async def main(database: str, cache: str) -> None:
    done = asyncio.Event()
    working = asyncio.create_task(work(done))
    print("waiting", flush=True)
    try:
        await asyncio.gather(aio.wait_all([database], timeout=30), aio.wait_all([cache], timeout=30))
    finally:
        done.set()
    print(f"ready; {await working} rounds of other work meanwhile")


asyncio.run(main(*sys.argv[1:]))
