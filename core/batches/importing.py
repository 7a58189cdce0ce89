"""An input checked, loaded and published in one go."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from core.access import Actor
from core.batches.loading import load
from core.batches.publishing import publish
from core.intake.checkup.checking import check, home_of
from core.intake.reading.sources import open_source
from core.rules.standard import Standard
from core.store.database import Store


def import_folder_or_workbook(
    store: Store,
    path: Path,
    standard: Standard,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    is_demo: bool = False,
) -> int:
    """Check, load and publish an input in one go. Raises InputRejected with every problem."""
    dataset = check(open_source(path), home=home_of(store))
    batch_id = load(store, dataset, standard, actor, now, note=note, is_demo=is_demo)
    publish(store, batch_id, actor, now, note)
    return batch_id
