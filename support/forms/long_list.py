"""A list to choose from that may be hundreds of lines long."""

from django import forms


class LongSelect(forms.Select):
    """A select without groups: its options are written as they are, where Django makes a widget of each."""

    template_name = "forms/long_select.html"

    def get_context(self, name, value, attrs):
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"] |= {"choices": list(self.choices), "chosen": self.format_value(value)}
        return context
