"""Keeps the tokens of links out of the log."""

import logging
import re

TOKEN = re.compile(r"(/offers/|/reset/key/)[\w-]{20,}")


class Tokens(logging.Filter):
    """Writes an ellipsis where a line holds the token of a link to an offer or to a new password."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if TOKEN.search(line):
            record.msg, record.args = TOKEN.sub(r"\1…", line), ()
        return True
