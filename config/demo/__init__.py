"""The demo: a book of customers on each service, and the last full month played through the real verbs."""
