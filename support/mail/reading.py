"""A message's bytes as what a person needs of it: who wrote, to whom, what, with which files. Pure."""

import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser

LONGEST = 100_000  # letters of a text
MOST_FILES = 20
CUT = re.compile(r"^[>\s|]*##-.*-##\s*$")  # what our own mail asks to write above
INTRODUCES = re.compile(r"^[>\s]*\S.{0,200}:\s*$")  # "On Tuesday, Ana wrote:"
QUOTED = re.compile(r"^\s*>")
RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
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
        left_out=tuple(left_out),
        automatic=is_automatic(message),
    )


def sender_of(message: EmailMessage) -> str:
    """The one address that it is from."""
    found = list(dict.fromkeys(_addresses(message, ("from",))))
    if len(found) != 1 or not re.fullmatch(r"[^\s@]{1,64}@[^\s@]{1,255}", found[0]):
        raise NotAMessage("it is not from one address")
    return found[0]


def is_automatic(message: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834, and what the others do): a bounce, an absence note, a list."""
    said = f"{message.get('auto-submitted', 'no')}".partition(";")[0].strip().lower()
    precedence = f"{message.get('precedence', '')}".strip().lower()
    local = next(iter(_addresses(message, ("from",))), "").partition("@")[0].lower()
    return (
        said != "no"
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or f"{message.get('return-path', 'x')}".strip() == "<>"
        or any(
            message.get(name)
            for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "list-id")
        )
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


def _addresses(message: EmailMessage, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for header in message.get_all(name, []):
            for _display, address in email.utils.getaddresses([f"{header}"]):
                if address:
                    yield address


def _attached(message: EmailMessage) -> Iterator[Part]:
    for part in message.walk():
        name = part.get_filename()
        if part.is_multipart() or not (name or part.get_content_disposition() == "attachment"):
            continue
        content = part.get_payload(decode=True) or b""
        yield Part(name or "attachment", part.get_content_type(), content)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    words = (body.get_payload(decode=True) or b"").decode(_charset(body), "replace")
    return _plain(_words_of(words) if body.get_content_subtype() == "html" else words)


def _charset(part: EmailMessage) -> str:
    name = part.get_content_charset() or "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _plain(text: str) -> str:
    """Without what no database or page can hold: control characters but newline and tab, and lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(
        letter for letter in text if letter in "\n\t" or letter.isprintable() or letter == "\u00a0"
    )


class _Words(HTMLParser):
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote"})
    UNSEEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._unseen += tag in self.UNSEEN
        if tag in self.BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in self.UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.found.append(re.sub(r"\s+", " ", data))


def _words_of(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.found))
