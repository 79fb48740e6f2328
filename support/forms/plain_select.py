"""A select without groups: for long lists, and for pages that are asked for all day."""

from django import forms


class PlainSelect(forms.Select):
    """Its options are written as they are, where Django makes a dictionary and two templates of each."""

    template_name = "forms/plain_select.html"

    def get_context(self, name, value, attrs):
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"] |= {"choices": list(self.choices), "chosen": self.format_value(value)}
        return context
