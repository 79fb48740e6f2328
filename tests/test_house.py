"""What holds for every file of the house: who imports whom, how long a file is, what a template may not say."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from support import roles

ROOT = Path(__file__).resolve().parent.parent
APPS = ["support", "billing", "escalations", "config"]  # each may import those before it
SOURCES = [path for app in [*APPS, "tests"] for path in sorted((ROOT / app).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively"
            found.add(node.module)
    return found


def names(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.lookup_str}"


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_only_what_stands_below_it(app):
    above = tuple(f"{name}." for name in APPS[APPS.index(app) + 1 :])
    for path in (ROOT / app).rglob("*.py"):
        wrong = [name for name in imports(path) if f"{name}.".startswith(above)]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


@pytest.mark.parametrize("package", ["support/clocks", "support/catalogue"])
def test_the_pure_packages_know_no_django(package):
    for path in (ROOT / package).rglob("*.py"):
        wrong = [
            name
            for name in imports(path)
            if name.split(".")[0] in {"django", "psycopg"} or name.startswith("support.models")
        ]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def test_every_address_has_its_line_in_the_table_of_roles():
    unknown = [name for name in names(get_resolver().url_patterns) if not name or roles.of_page(name) is None]
    assert unknown == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_300_lines(path):
    if "migrations" not in path.parts:
        assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_is_short_and_brings_no_script_and_no_style_of_its_own(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 120
    if path.name != "review_file.html":  # a file that is mailed and printed: it brings its own style sheet
        assert "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|hx-on|\bjs:", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.search(r"https?://", text), "nothing comes from elsewhere"
