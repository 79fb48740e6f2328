"""Work over the cores: every chunk once, what fails is heard, and nobody is left behind when it is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from support import cores

PARENT = """
import multiprocessing, threading, time
import config.settings, django
django.setup()
from support import cores
threading.Thread(target=lambda: list(cores.spread(time.sleep, [60] * 4, 2)), daemon=True).start()
while len(multiprocessing.active_children()) < 2:
    time.sleep(0.05)
print(*(child.pid for child in multiprocessing.active_children()), flush=True)
time.sleep(60)
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_alone_nothing_is_started():
    assert list(cores.spread(abs, [-1, -2], processes=1)) == [1, 2]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_killed_it_leaves_nobody_behind():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, env=environment
    )
    children = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(children) == 2
    assert all(is_alive(pid) for pid in children)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + 20
    while any(is_alive(pid) for pid in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not [pid for pid in children if is_alive(pid)]


def test_what_fails_is_heard(own_database):
    with pytest.raises(TypeError):
        list(cores.spread(abs, [1, "x"], processes=2))
    connection.close()
