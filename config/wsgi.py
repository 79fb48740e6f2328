"""What gunicorn serves: `gunicorn config.wsgi`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

try:
    application = get_wsgi_application()
    from config import simulation

    simulation.refuse_in_production()
except ImproperlyConfigured as error:
    print(error, file=sys.stderr)  # noqa: T201
    sys.exit(3)  # gunicorn's number for "do not try again"
