"""A replay over the cores: chunks of tickets go to processes that read and count, and write nothing."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache

import django
from django.db import connection

CHUNK = 400  # tickets in one go: some seconds at the most, so a cancel is heard soon
ALONE = 2 * CHUNK  # so few are counted by this process: another one takes a second to begin


def run(tickets: list[int], service: str, on_progress: Callable[[int], None], processes: int | None = None):
    """Replay all of them under a service, "code@3"; `on_progress` hears how many are done.

    Interrupted, it waits for the chunks that are being counted and leaves nothing behind.
    """
    from support.desk.replay import Replayed

    chunks = [tickets[start : start + CHUNK] for start in range(0, len(tickets), CHUNK)]
    done = Replayed()
    for part in _parts(chunks, service, processes or (1 if len(tickets) <= ALONE else os.cpu_count() or 1)):
        done.add(part)
        on_progress(done.tickets)
    done.flips.sort(key=lambda flip: flip.ticket)
    return done


def _parts(chunks: list[list[int]], service: str, processes: int) -> Iterator:
    if processes == 1:
        yield from (_count(service, chunk) for chunk in chunks)
        return
    context = multiprocessing.get_context("spawn")  # a fork would share the connection
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(name,)) as pool:
        try:
            for future in as_completed([pool.submit(_count, service, chunk) for chunk in chunks]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin(database: str) -> None:
    os.environ["DATABASE_NAME"] = database
    django.setup()


def _count(service: str, tickets: list[int]):
    from support.desk.replay import replay

    return replay(tickets, _policy(service))


@lru_cache(maxsize=4)
def _policy(service: str):
    from support.desk.deadlines import service_named
    from support.desk.replay import policy_of

    return policy_of(service_named(service))
