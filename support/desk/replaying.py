"""A replay over the cores: chunks of tickets go to processes that read and count, and write nothing."""

from collections.abc import Callable
from functools import lru_cache, partial

from support import cores

CHUNK = 400  # tickets in one go: some seconds at the most, so a cancel is heard soon
ALONE = 2 * CHUNK  # so few are counted by this process: another one takes a second to begin


def run(tickets: list[int], service: str, on_progress: Callable[[int], None], processes: int | None = None):
    """Replay all of them under a service, "code@3"; `on_progress` hears how many are done.

    Interrupted, it waits for the chunks that are being counted and leaves nothing behind.
    """
    from support.desk.replay import Replayed

    chunks = [tickets[start : start + CHUNK] for start in range(0, len(tickets), CHUNK)]
    done = Replayed()
    alone = 1 if len(tickets) <= ALONE else None
    for part in cores.spread(partial(_count, service), chunks, processes or alone):
        done.add(part)
        on_progress(done.tickets)
    done.flips.sort(key=lambda flip: flip.ticket)
    return done


def _count(service: str, tickets: list[int]):
    from support.desk.replay import replay

    return replay(tickets, _policy(service))


@lru_cache(maxsize=4)
def _policy(service: str):
    from support.desk.deadlines import service_named
    from support.desk.replay import policy_of

    return policy_of(service_named(service))
