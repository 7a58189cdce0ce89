"""The program's own answer to a county's folder, without starting a process."""

import json
from pathlib import Path
from typing import Any

from core.__main__ import assess_source
from core.reports.assess_json import assess_json
from core.rules.standard_loading import load_standard


def assess_folder(folder: Path, year: int) -> dict[str, Any]:
    """The object that the assess command prints for the folder and the year."""
    standard = load_standard()
    assessment, _ = assess_source(folder, year, standard)
    result = json.loads(assess_json(assessment, standard))
    assert isinstance(result, dict)
    return result
