"""Text on its way to the map and back. folium reads the script that it wrote once more as a template, names and all:
what goes in holds neither markup nor braces.
"""

from __future__ import annotations

from html import escape, unescape
from urllib.parse import quote, unquote

_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def label(text: str) -> str:
    """A text that the map shows as it stands."""
    return escape(text).translate(_BRACES)


def label_text(shown: object) -> str:
    """The text of a label that the map sent back."""
    return unescape(str(shown))


def identifier(text: str) -> str:
    """What a mark is known by on the map."""
    return quote(text, safe="")


def identifier_text(known: object) -> str:
    """The identifier of a mark that the map sent back."""
    return unquote(str(known))
