"""A server that has nothing yet is migrated by `manage.py migrate` alone."""

import subprocess
import sys

from config.database.place import PROJECT


def test_on_a_new_server_the_checks_before_it_find_a_role_to_ask_as(fresh):
    fresh.run()
    command = [sys.executable, "manage.py", "migrate", "contenttypes"]
    environment = {name: value for name, value in fresh.environment.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert fresh.ask("SELECT to_regclass('django_content_type')") == "django_content_type"
