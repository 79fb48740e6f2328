"""Keeps the tokens of links out of the log."""

import logging
import re

TOKEN = re.compile(r"(/offers/)[\w-]{20,}")


class Tokens(logging.Filter):
    """Writes an ellipsis where a line holds the token of an offer's link."""

    def filter(self, record: logging.LogRecord) -> bool:
        line = record.getMessage()
        if "/offers/" in line:
            record.msg, record.args = TOKEN.sub(r"\1…", line), ()
        return True
