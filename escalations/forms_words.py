"""A field for what somebody writes about what goes up."""

from django import forms

LONGEST = 4000  # letters


def words(label, rows=2, **options) -> forms.CharField:
    """Of `LONGEST` letters at most, unless said otherwise. That they can be read is the verb's to ask."""
    options = {"max_length": LONGEST, **options}
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)
