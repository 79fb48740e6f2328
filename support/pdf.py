"""PDFs: a template becomes one tagged file (PDF/UA-1) in our own letters, made of nothing but itself."""

import atexit
import base64
import ctypes
import hashlib
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

LIBRARIES = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}
STYLES = ("tokens", "pdf")
FACES = [  # family as static/css/pdf.css names it, weight, style, file in static/fonts
    ("Fira Sans", 400, "normal", "FiraSans-Regular"),
    ("Fira Sans", 600, "normal", "FiraSans-Medium"),
    ("Source Serif", 400, "italic", "SourceSerif4-It"),
    ("Source Serif", 600, "normal", "SourceSerif4-Semibold"),
    ("Source Code", 400, "normal", "SourceCodePro-Regular"),
]
_one_at_a_time = Lock()  # the letters are kept between files, and Pango shares them with nobody


class NotPossible(Exception):
    """This machine cannot make PDFs; says what to install."""


def lacking() -> str:
    """What a PDF lacks on this machine, in a sentence; nothing where all of it is here."""
    packages = " ".join(package for name, package in LIBRARIES.items() if not _is_here(name))
    if not packages:
        return ""
    return _(
        "This server cannot make PDFs yet: install Pango on it (Debian: apt-get install %(packages)s)."
    ) % {"packages": packages}


def render(template: str, context: dict) -> bytes:
    """The file that a template of `pdf.html` makes in the active language: the same words, the same bytes.

    Raises NotPossible. Nothing is loaded, from this machine or any other: what the template names instead of holding stays out.
    """
    if why := lacking():
        raise NotPossible(why)
    written = render_to_string(template, context)
    from weasyprint import HTML  # half a second that only those who make a PDF wait for

    with _one_at_a_time:
        sheet, letters, fetcher = _look()
        return HTML(string=written, url_fetcher=fetcher).write_pdf(
            stylesheets=[sheet],
            font_config=letters,
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(written.encode()).digest()[:16],
        )


@lru_cache
def _is_here(library: str) -> bool:
    if sys.platform != "linux":
        return True  # its name is another there: the first PDF tells
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@lru_cache
def _look():
    """Style sheet and letters, read once; and the one who fetches, from within a file alone."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    letters, fetcher = FontConfiguration(), URLFetcher(allowed_protocols=["data"])
    rules = [_face(*face) for face in FACES] + [_read(f"css/{name}.css").decode() for name in STYLES]
    return CSS(string="\n".join(rules), font_config=letters, url_fetcher=fetcher), letters, fetcher


atexit.register(
    _look.cache_clear
)  # the letters lie in a folder that goes with them, while modules still work


def _face(family: str, weight: int, style: str, file: str) -> str:
    data = base64.b64encode(_read(f"fonts/{file}.woff2")).decode()
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return (
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; src: {source} }}"
    )


def _read(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()
