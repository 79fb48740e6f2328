"""What tests of PDFs need of the machine."""

import pytest

from support import pdf

needs_pango = pytest.mark.skipif(
    bool(pdf.lacking()), reason="this machine makes no PDFs"
)  # test_pdf.py fails there
