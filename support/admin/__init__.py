"""The support managers' records. States, amounts and hashes are read only here; verbs are actions."""

from support.admin import contracts, customers, definitions, desk, jobs, people, records, second_factor

__all__ = ["contracts", "customers", "definitions", "desk", "jobs", "people", "records", "second_factor"]
