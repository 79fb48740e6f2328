"""What the workers of one run of the tests share: the name of the database that the first of them migrated."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Shared:
    """A folder of the run's. Everything is asked and said while it is `held()`: of two workers the second waits."""

    def __init__(self, request, tmp_path_factory) -> None:
        worker = getattr(request.config, "workerinput", None)
        base = tmp_path_factory.getbasetemp()
        self._folder = (base.parent if worker else base) / "databases"
        self._folder.mkdir(exist_ok=True)
        self._own = self._folder / f"{worker['workerid'] if worker else 'alone'}.user"

    @contextmanager
    def held(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def name(self) -> str:
        """Empty until somebody has migrated it."""
        return self._said.read_text() if self._said.exists() else ""

    @name.setter
    def name(self, name: str) -> None:
        self._said.write_text(name)

    def join(self) -> None:
        self._own.touch()

    def leave(self) -> bool:
        """Whether nobody uses it any more."""
        self._own.unlink()
        return not list(self._folder.glob("*.user"))

    @property
    def _said(self) -> Path:
        return self._folder / "name"
