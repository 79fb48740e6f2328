"""What the desk does with tickets that touches several rows at once."""
