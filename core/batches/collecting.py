"""Collecting a year: one package of templates, a workbook for each township or each school, filled in beforehand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from core.batches.workbook import Part, template
from core.store.database import Store


def template_package(store: Store, parts: Mapping[str, Part], year: int) -> bytes:
    """A zip archive with the template of every part for a school year, under the file name that it is given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, template(store, part, year))
    return buffer.getvalue()
