"""Work over the cores: chunks go to processes with a connection of their own, and what they answer comes back as it is done."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.connection import wait
from typing import Any

import django
from django.db import connection


def spread(work: Callable[[Any], Any], chunks: Iterable[Any], processes: int | None = None) -> Iterator[Any]:
    """What `work`, a module's own function or a partial of one, says of each chunk, in no order; over all cores unless told.

    With one process nothing is started. Interrupted, it waits for the chunks at work and drops the rest.
    """
    processes = processes or os.cpu_count() or 1
    if processes == 1:
        yield from map(work, chunks)
        return
    context = multiprocessing.get_context("spawn")  # a fork would share the connection
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(name,)) as pool:
        try:
            for future in as_completed([pool.submit(work, chunk) for chunk in chunks]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin(database: str) -> None:
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    os.environ["DATABASE_NAME"] = database
    django.setup()


def _end_with_the_parent() -> None:
    """Killed, it closes nothing: without this its children would wait for work for ever, each with a connection."""
    wait([multiprocessing.parent_process().sentinel])
    os._exit(1)
