"""What a message says: who, to whom, what above the mail that it answers, and whether a machine wrote it."""

import pytest

from support.mail.reading import NotAMessage, above, read
from tests.support.mail_cases import message

MB = 1024 * 1024


def said(mail):
    return read(mail if isinstance(mail, bytes) else mail.as_bytes(), largest=MB)


def test_a_plain_message():
    found = said(message("Good morning,\nit is dead."))
    assert (found.sender, found.subject, found.text) == (
        "robin@northwind.example",
        "No dial tone",
        "Good morning,\nit is dead.",
    )
    assert (found.recipients, found.files, found.automatic) == (("desk@countersign.example",), (), False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Thanks.\n\nOn Tue, Ana wrote:\n> ##- Please write above this line -##\n> We looked.", "Thanks."),
        ("Thanks.\n\nAna wrote:\n> We looked.\n> Twice.\n", "Thanks."),
        (
            "##- Please write above this line -##\nNothing above.",
            "##- Please write above this line -##\nNothing above.",
        ),
        ("See:\n\n> quoted\n\nand my answer below", "See:\n\n> quoted\n\nand my answer below"),
        ("The steps:", "The steps:"),
    ],
)
def test_what_was_written_above_the_mail_that_it_answers(text, kept):
    assert above(text) == kept


def test_html_alone_becomes_words():
    mail = message()
    mail.set_content(
        "<style>p{}</style><p>Dear &amp; kind<br>desk</p><script>x()</script><p>Help</p>", subtype="html"
    )
    assert said(mail).text == "Dear & kind\ndesk\nHelp"


def test_files_and_those_that_are_too_large_or_too_many():
    mail = message()
    mail.add_attachment(b"x" * 10, maintype="text", subtype="plain", filename="log.txt")
    mail.add_attachment(b"x" * (MB + 1), maintype="application", subtype="zip", filename="big.zip")
    for n in range(25):
        mail.add_attachment(b"y", maintype="image", subtype="png", filename=f"{n}.png")
    found = said(mail)
    assert (len(found.files), found.files[0].name, found.left_out[0]) == (20, "log.txt", "big.zip")
    assert len(found.left_out) == 7


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<news.x.example>"},
        {"sender": "MAILER-DAEMON@northwind.example"},
    ],
)
def test_what_a_machine_wrote_is_recognised(headers):
    assert said(message(**headers)).automatic


def test_a_person_says_so_too():
    assert not said(message(Auto_Submitted="no", Return_Path="<robin@northwind.example>")).automatic


@pytest.mark.parametrize("sender", ["", "a@x.example, b@x.example", "nobody", "Undisclosed:;"])
def test_what_nobody_in_particular_wrote_is_no_message(sender):
    raw = f"From: {sender}\nTo: desk@x.example\nSubject: x\n\nHello".encode()
    with pytest.raises(NotAMessage, match="one address"):
        said(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@x.example\nContent-Type: text/plain; charset=nonsense\n\nh\xe9llo",
        b"From: a@x.example\nSubject: =?utf-8?b?////?=\n\n\x00\x01hello",
        b"From: a@x.example\nContent-Type: multipart/mixed; boundary=q\n\n--q\nno end",
        b"From: a@x.example\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: a@x.example\nSubject: a\n b\n\n",
    ],
)
def test_broken_ones_are_read_as_far_as_they_go(raw):
    found = said(raw)
    assert found.sender == "a@x.example"
    assert "\0" not in found.text + found.subject
    assert "\n" not in found.subject


@pytest.mark.parametrize(
    "markup", ["<a " * 30_000, "<!--" * 100_000, "<style>" * 50_000, "<" * 300_000, "&" * 300_000]
)
def test_broken_html_of_any_length_is_read_in_one_pass(markup):
    """Quadratic in its length, each of these would take minutes, and the suite's time would tell."""
    raw = b"From: a@x.example\nContent-Type: text/html\n\n" + markup.encode()
    assert said(raw).sender == "a@x.example"


def test_a_header_longer_than_any_mails_is_refused():
    raw = b"From: a@x.example\nCc: " + b"=?utf-8?q?a?= <b@x.example>, " * 4000 + b"\n\nHello"
    with pytest.raises(NotAMessage, match="longer than any"):
        said(raw)


@pytest.mark.parametrize("charset", ["idna", "undefined", "punycode", "nonsense"])
def test_a_charset_that_is_none_loses_no_word(charset):
    assert (
        "hello"
        in said(f"From: a@x.example\nContent-Type: text/plain; charset={charset}\n\nhello".encode()).text
    )


@pytest.mark.parametrize("name", ["..", "/", "a\0b", "../../etc/passwd", ""])
def test_file_names_are_such_as_can_be_kept(name):
    mail = message()
    mail.add_attachment(b"x", maintype="text", subtype="plain", filename="log.txt")
    mail.add_attachment(b"", maintype="text", subtype="plain", filename="empty.txt")
    raw = mail.as_bytes().replace(b"log.txt", name.encode())
    [part] = said(raw).files
    assert part.name
    assert "/" not in part.name
    assert part.name.isprintable()
