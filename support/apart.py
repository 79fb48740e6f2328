"""Work on many things, one apart from the other: what fails for one fails for it alone, and the job fails after the others."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

One = Callable[[], AbstractContextManager[None]]


@contextmanager
def apart(what: str) -> Iterator[One]:
    """Yields `one`: `with one():` around each. At the end an ExceptionGroup, headed `what`, raises all that failed."""
    failed: list[Exception] = []

    @contextmanager
    def one() -> Iterator[None]:
        try:
            yield
        except Exception as error:  # raised below
            failed.append(error)

    yield one
    if failed:
        raise ExceptionGroup(what, failed)
