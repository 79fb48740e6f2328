"""Refused: a rule said no, in a sentence for the person who asked."""


class Refused(Exception):
    """Raised by verbs. Pages show the sentence with status 409; commands print it and exit 1."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field  # the form field beside which the sentence belongs, where there is one
