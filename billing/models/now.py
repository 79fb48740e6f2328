"""The database's clock as a default: guards read nothing else."""

from django.db import models

NOW = models.Func(function="countersign_now", output_field=models.DateTimeField())
