"""The book, customers with their people, contracts and rates, taken in from CSV."""
