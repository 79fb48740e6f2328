"""The peers, asked over a pipe: they live in an environment of their own and stay up, so both sides work in turns."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = Path(os.environ.get("BENCH_PYTHON", ROOT / ".venv-bench" / "bin" / "python"))
WORK = "peer_work.py"


class Peer:
    """A child process of the peers' interpreter; it ends with its `with`."""

    def __init__(self, work: str = WORK) -> None:
        self._work = Path(__file__).with_name(work)

    def __enter__(self) -> "Peer":
        if not PYTHON.exists():
            sys.exit(f"{PYTHON} is missing: make bench installs it.")
        # -P: or its folder would stand first where it looks for modules, and bench/queue.py is none of the library's
        self._child = subprocess.Popen(
            [PYTHON, "-P", self._work], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._child.stdin.close()
        self._child.wait()

    def ask(self, task: str, **facts: Any) -> dict:
        """What its `task` answers: its seconds, measured there, and its answers."""
        self._child.stdin.write(json.dumps({"task": task, **facts}) + "\n")
        self._child.stdin.flush()
        if not (line := self._child.stdout.readline()):
            sys.exit(f"{self._work.name} ended in {task}.")
        return json.loads(line)
