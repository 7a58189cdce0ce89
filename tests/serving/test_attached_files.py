"""Addresses of attached files: whatever number they name, the answer is a sentence."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.support.serving import Server


@pytest.mark.parametrize(
    "number", ["1", "0", "-1", "1.5", "9" * 9, "9" * 40, "9" * 5000, "x", "%E2%91%A0", "1/small", "x/small"]
)
def test_a_number_of_no_file_is_answered_in_words(local_server: Server, number: str) -> None:
    with pytest.raises(HTTPError) as answer:
        urlopen(f"{local_server.address}/attachments/{number}", timeout=30)
    assert answer.value.code == 404
    assert "附件" in answer.value.read().decode()
