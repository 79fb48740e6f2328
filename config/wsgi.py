"""What gunicorn serves: `gunicorn config.wsgi`."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_wsgi_application()
    from config import simulation

    simulation.refuse_in_production()
except ImproperlyConfigured as error:
    print(error, file=sys.stderr)  # noqa: T201
    sys.exit(3)  # gunicorn's number for "do not try again"

# What is here now is never garbage, and one page makes so many objects that Python looked through all of them: a sixth of its time.
resolve("/healthz")  # imports every view
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
