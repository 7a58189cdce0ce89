"""The lake that the tests of this folder read; they may leave it as it is or damage a copy."""

from __future__ import annotations

import sys

import pytest

from tests.support.lakes import lake

__all__ = ["lake"]


@pytest.fixture(autouse=True)
def main_module_with_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """PySpark takes a process whose main module is no file, as those of pytest-xdist are, for its own doctests."""
    monkeypatch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
