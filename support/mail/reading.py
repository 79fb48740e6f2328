"""A message's bytes as what a person needs of it: who wrote, to whom, what, with which files. Pure."""

import email
import email.policy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.errors import InvalidHeaderDefect
from email.message import EmailMessage
from itertools import islice

LONGEST = 100_000  # letters of a text
HEADER = 64 * 1024  # bytes; its parser takes long over longer ones
HEADER_ENDS = re.compile(rb"\r?\n\r?\n")
PARTS = 500
NO_CHARSETS = (
    "idna",
    "punycode",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
)  # codecs for other things
NAMED = 10  # of the files that were left out
MOST_FILES = 20
CUT = re.compile(r"^[>\s|]*##-.*-##\s*$")  # what our own mail asks to write above
INTRODUCES = re.compile(r"^[>\s]*\S.{0,200}:\s*$")  # "On Tuesday, Ana wrote:"
QUOTED = re.compile(r"^\s*>")
RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
BY_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-failed-recipients", "list-id")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)?[^<>]*>")
BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
UNSEEN = frozenset({"style", "script", "head", "title"})
MACHINES = ("mailer-daemon", "postmaster", "no-reply", "noreply", "do-not-reply")


class NotAMessage(ValueError):
    """What is no mail, or not one person's; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """`text` is what was written above the mail that it answers; `left_out` names files that were not taken."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    files: tuple[Part, ...]
    left_out: tuple[str, ...]
    automatic: bool


def read(raw: bytes, *, largest: int) -> Read:
    """NotAMessage where nobody in particular wrote it. Files above `largest` bytes, and after the twentieth, are left out."""
    if len(HEADER_ENDS.split(raw, maxsplit=1)[0]) > HEADER:
        raise NotAMessage("its header is longer than any mail’s")
    message = email.message_from_bytes(raw, policy=email.policy.default)
    files, left_out = [], []
    for part in _attached(message):
        if part.content and len(part.content) <= largest and len(files) < MOST_FILES:
            files.append(part)
        else:
            left_out.append(part.name)
    return Read(
        sender=sender_of(message),
        recipients=tuple(_addresses(message, RECIPIENTS)),
        subject=_plain(f"{message.get('subject', '')}")[:250],
        text=above(_text(message))[:LONGEST],
        files=tuple(files),
        left_out=tuple(left_out[:NAMED]),
        automatic=is_automatic(message),
    )


def sender_of(message: EmailMessage) -> str:
    """The one address that it is from, in plain letters: what looks alike or reads in two ways is nobody's."""
    try:
        [header] = message.get_all("from", [])
        [address] = header.addresses
    except (ValueError, IndexError, AttributeError):  # none, several, or a header that cannot be parsed
        raise NotAMessage("it is not from one address") from None
    found = address.addr_spec
    odd = any(isinstance(defect, InvalidHeaderDefect) for defect in header.defects)
    if odd or not re.fullmatch(r"[!-?A-~]{1,64}@[!-?A-~]{1,255}", found, re.ASCII):
        raise NotAMessage("it is not from one address")
    return found


def is_automatic(message: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834, and what the others do): a bounce, an absence note, a list."""
    submitted = [said.partition(";")[0] for said in _said(message, "auto-submitted")]
    local = next(iter(_addresses(message, ("from",))), "").partition("@")[0].lower()
    return (
        any(said.strip() != "no" for said in submitted)
        or any(said in BULK for said in _said(message, "precedence"))
        or "<>" in _said(message, "return-path")
        or any(name in message for name in BY_MACHINES)
        or message.get_content_type() == "multipart/report"
        or local in MACHINES
    )


def above(text: str) -> str:
    """What stands above the mail that it answers: up to our own line, else up to the quotation at its end."""
    lines = text.splitlines()
    cut = next((place for place, line in enumerate(lines) if CUT.match(line)), None)
    kept = lines[:cut]
    while kept and (not kept[-1].strip() or QUOTED.match(kept[-1])):
        kept.pop()
    if kept and len(kept) < len(lines) and INTRODUCES.match(kept[-1]):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _said(message: EmailMessage, name: str) -> list[str]:
    return [f"{value}".strip().lower() for value in message.get_all(name, [])]


def _addresses(message: EmailMessage, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for header in message.get_all(name, []):
            for _display, address in email.utils.getaddresses([f"{header}"]):
                if address:
                    yield address


def _attached(message: EmailMessage) -> Iterator[Part]:
    """The first parts that are files; names as they can be kept, a file without a byte is none."""
    for part in islice(message.walk(), PARTS):
        name = _name_of(part)
        if part.is_multipart() or not (name or part.get_content_disposition() == "attachment"):
            continue
        content = part.get_payload(decode=True) or b""
        if content:
            yield Part(name or "attachment", part.get_content_type(), content)


def _name_of(part: EmailMessage) -> str:
    try:
        name = _plain(part.get_filename() or "").replace("\n", " ")
    except (ValueError, LookupError):  # a charset that there is not
        return "attachment"
    return name.replace("\\", "/").rpartition("/")[2].strip(". ")[:100]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    raw = (body.get_payload(decode=True) or b"")[: 4 * LONGEST]
    charset = body.get_content_charset() or "utf-8"
    try:
        words = raw.decode("utf-8" if charset in NO_CHARSETS else charset, "replace")
    except (LookupError, ValueError):  # a charset that there is not, or one that is no charset
        words = raw.decode("utf-8", "replace")
    return _plain(_words_of(words) if body.get_content_subtype() == "html" else words)


def _plain(text: str) -> str:
    """Without what no database or page can hold: control characters but newline and tab, and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(
        letter for letter in text if letter in "\n\t" or letter.isprintable() or letter == "\u00a0"
    )


def _words_of(markup: str) -> str:
    """The words of HTML, in a time that grows with its length alone, however broken it is."""
    found: list[str] = []
    place, unseen = 0, 0
    for tag in TAG.finditer(_without_comments(markup)):
        if not unseen:
            found.append(re.sub(r"\s+", " ", tag.string[place : tag.start()]))
        name = (tag[2] or "").lower()
        if name in UNSEEN:
            unseen = max(0, unseen + (-1 if tag[1] else 1))
        if name in BREAKS and not tag[1]:
            found.append("\n")
        place = tag.end()
    if not unseen:
        found.append(re.sub(r"\s+", " ", _without_comments(markup)[place:]))
    return re.sub(r"\n{3,}", "\n\n", html.unescape("".join(found)))


def _without_comments(markup: str) -> str:
    kept, place = [], 0
    while (begin := markup.find("<!--", place)) >= 0:
        kept.append(markup[place:begin])
        end = markup.find("-->", begin)
        if end < 0:
            return "".join(kept)
        place = end + 3
    return "".join([*kept, markup[place:]])
