"""Links within the platform: what was chosen travels along, and a link opens the very thing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from ui.shared import carried_choice

_SHARED = ("as_of", "year", "stage", "township", "draft")


def carried(**more: str) -> dict[str, str]:
    """The shared choices, of this page or of one before it, and what the link itself points at."""
    shared = {key: chosen for key in _SHARED if (chosen := carried_choice(key))}
    return {**shared, **more}


def address(page: str, **more: str) -> str:
    """The address of a page at the same choices, for links inside tables."""
    return f"{page}?{urlencode(carried(**more))}"


def school_address(school_id: str) -> str:
    """The address of a school's profile."""
    return address("profile", school=school_id)


def linked_choice(
    label: str,
    options: Sequence[str],
    key: str,
    names: Mapping[str, str],
    *,
    placeholder: str | None = None,
) -> str | None:
    """A choice whose identifier, not its name, stands in the address; None until something is chosen."""
    linked = st.query_params.get(key)
    chosen = st.selectbox(
        label,
        options,
        index=options.index(linked) if linked in options else None,
        format_func=lambda option: names[option],
        placeholder=placeholder,
    )
    if chosen is not None and chosen != linked:
        st.query_params[key] = chosen
    return chosen
