"""A PDF says what its page says, to everybody: tagged, in a language, with nothing from elsewhere, the same each time."""

import io
from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.template import engines
from pypdf import PdfReader

from support import pdf

AT = datetime(2026, 10, 14, 12, tzinfo=UTC)
PAGE = """{% extends "pdf.html" %}{% block title %}{{ title }}{% endblock %}{% block author %}Countersign Ltd{% endblock %}
{% block content %}<h1>{{ title }}</h1><p>{{ words }}</p>{{ more|safe }}{% endblock %}"""


@pytest.fixture(autouse=True)
def paper(monkeypatch):
    """A template of the test's own, so that none of the product's is bent for it."""
    template = engines["django"].from_string(PAGE)
    monkeypatch.setattr(pdf, "render_to_string", lambda name, context: template.render(context))


def made(words="Approved", more="", **context) -> bytes:
    return pdf.render("any", {"title": "Approval copy", "words": words, "more": more, "dated": AT, **context})


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def test_it_says_what_the_page_says_whatever_the_letters():
    words = "€1,500.00 → Łódź, Ωmega & <b>not bold</b>"
    assert words in read(made(words)).pages[0].extract_text()


def test_it_is_tagged_in_its_language_with_title_author_and_its_own_date():
    reader = read(made())
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert str(catalog["/Lang"]).lower().startswith("en")
    assert b'pdfuaid:part="1"' in catalog["/Metadata"].get_data()
    assert (reader.metadata.title, reader.metadata.author) == ("Approval copy", "Countersign Ltd")
    assert reader.metadata.creation_date == AT


def test_the_same_words_make_the_same_bytes_and_other_words_others():
    assert made() == made()
    assert made() != made("Declined")


def test_nothing_is_loaded_from_this_machine_or_another(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for print")
    more = f'<link rel="stylesheet" href="file://{secret}"><img src="file://{secret}" alt="kept out"><img src="http://127.0.0.1:9/x" alt="">'
    more += (
        f'<a rel="attachment" href="file://{secret}">taken along</a><object data="file://{secret}"></object>'
    )
    content = made(more=more)
    assert b"not for print" not in content
    assert not read(content).attachments


def test_it_is_a4_in_our_letters_with_numbered_pages():
    reader = read(made(more="<p>One more.</p>" * 90))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert len(reader.pages) > 1
    assert f"2 / {len(reader.pages)}" in reader.pages[1].extract_text()
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert any("Fira" in name for name in fonts)
    assert not any("DejaVu" in name or "Liberation" in name for name in fonts)


def test_where_pango_is_missing_the_check_and_whoever_asks_are_told_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "_is_here", lambda library: False)
    with pytest.raises(pdf.NotPossible, match=r"libpango-1\.0-0 libpangoft2-1\.0-0"):
        made()
    assert "countersign.W002" in [each.id for each in run_checks()]


def test_where_it_is_there_nobody_is_warned():
    assert not pdf.lacking()
    assert "countersign.W002" not in [each.id for each in run_checks()]
