"""Every kind of write that the store knows, each prepared so far that only the writing is left, with what it adds.

writing = Writing(database, folder, seed)
step = writing.first_of("correction")     the kind itself, or what has to be written before it
prepared = writing.prepare(step)          prepared.then is what the store holds once prepared.act() is over
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from core.access import LOCAL_ADMINISTRATOR
from core.batches import loading, publishing, register
from core.batches.batch_bases import why_held, why_outdated
from core.batches.corrections import Correction, correct_figures, township_tables
from core.batches.coverage import coverage_of
from core.dataset.rows import Tables
from core.delivery.figures.facts_by_year import facts_by_year
from core.delivery.ledger.ledger import ASSIGNED, CORRECTING, IssueDraft, StepDraft, read_issues
from core.delivery.ledger.ledger_writing import open_issue, take_step
from core.delivery.projects import ProjectDraft, append_project
from core.delivery.records.records import ConfirmationDraft, DecisionDraft, EvidenceDraft, UpdateDraft
from core.delivery.records.records_writing import append_updates, confirm, decide, file_evidence
from core.facts.current import current_tables
from core.intake.checkup.checking import Dataset, check, home_of
from core.intake.mapping.column_mapping import ColumnMapping, FieldSource, MappedSheet
from core.intake.mapping.mapping_records import save_mapping
from core.intake.reading.sources import open_source
from core.method.engine import assess
from core.outlook.baseline import Baseline, baseline
from core.outlook.what_if.levers import AddResource
from core.outlook.what_if.scenario import save_scenario
from core.rules.county import COUNTY_FILES
from core.rules.standard import Standard
from core.rules.standard_loading import load_standard
from core.store.backup import back_up, restore
from core.store.county_files import keep_county_files
from core.store.database import Store
from tests.support.demo_county import DEMO_COUNTY, PLAN

YEAR = 2023
COUNTY = DEMO_COUNTY.name
BACKUPS = "backup files"
REASON = "试验"
_DEPARTMENTS = [unit.unit_id for unit in PLAN.units if unit.kind == "department"]
_SUB_ITEMS = [sub_item.sub_item_id for sub_item in PLAN.sub_items()]

Counts = dict[str, int]


@dataclass(frozen=True)
class Prepared:
    """A write about to be done; `now` and `then` are the rows of every table before it and after it."""

    now: Counts
    then: Counts
    act: Callable[[], object]


class TellingStore(Store):
    """A store that tells when a transaction begins."""

    tell: Callable[[], None] = staticmethod(lambda: None)

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction, as every store gives it."""
        self.tell()
        with super().write() as cursor:
            yield cursor


def rows_of_tables(store: Store, database: Path) -> Counts:
    """The number of rows of every table, and of complete backup files beside the store."""
    names = [name for (name,) in store.rows("select table_name from duckdb_tables() where not temporary order by 1")]
    counted = ", ".join(f'(select count(*) from {store.schema}."{name}")' for name in names)
    [numbers] = store.rows(f"select {counted}")
    return {**dict(zip(names, map(int, numbers), strict=True)), BACKUPS: len(backups(database))}


def backups(database: Path) -> list[Path]:
    """The complete backup files beside the store."""
    return sorted(database.parent.glob("backup-*.duckdb"))


class Writing:
    """An open store and all that is needed to write to it."""

    def __init__(self, database: Path, folder: Path, seed: int, tell: Callable[[], None]) -> None:
        self._database, self._folder, self._rng = database, folder, random.Random(seed)
        self._tell = tell
        self._to_restore: Path | None = None
        self.standard: Standard = load_standard()
        self.store = self._opened()

    def _opened(self) -> Store:
        store = TellingStore.open(self._database, self.standard)
        assert isinstance(store, TellingStore)
        store.tell = self._tell
        return store

    def now(self) -> Counts:
        """What the store holds."""
        return rows_of_tables(self.store, self._database)

    def first_of(self, wanted: str) -> str:
        """The kind wanted, or what must be written before there can be one of it."""
        if wanted == "publish" and self._may_be_published() is None:
            return "withdraw" if self._may_be_withdrawn() is not None else "import"
        if wanted == "withdraw" and self._may_be_withdrawn() is None:
            return "publish" if self._may_be_published() is not None else "import"
        if wanted == "ledger step" and not read_issues(self.store, COUNTY, date.today()):
            return "issue"
        if wanted == "restore" and self._to_restore is None:
            # What is written between the two is gone once the backup is restored.
            self._to_restore = self._older_backup()
            return "decision"
        return wanted

    def prepare(self, kind: str) -> Prepared:
        """The next write of a kind."""
        return _KINDS[kind](self)

    def _adding(self, adds: Counts, act: Callable[[], object]) -> Prepared:
        now = self.now()
        # Every write leaves its trace in the record of actions, a monthly report one a row.
        traced = {"audit": 0 if BACKUPS in adds else adds.get("sub_item_updates", 1), **adds}
        return Prepared(now, {name: rows + traced.get(name, 0) for name, rows in now.items()}, act)

    @cached_property
    def _dataset(self) -> Dataset:
        return check(open_source(self._folder), home=home_of(self.store))

    @cached_property
    def _baseline(self) -> Baseline:
        judged = assess(self.store, self.standard, COUNTY, YEAR)
        return baseline(self.store, self.standard, COUNTY, YEAR, assessment=judged)

    def _text(self) -> str:
        return f"试验 {time.time_ns()}"

    def _may_be_published(self) -> int | None:
        waiting = [b for b in register.batches(self.store) if b.state != "published"]
        self._rng.shuffle(waiting)
        free = (b for b in waiting if not why_outdated(self.store, b.batch_id, is_draft=b.state == "draft"))
        return next((b.batch_id for b in free), None)

    def _may_be_withdrawn(self) -> int | None:
        """A batch after which a whole county still counts."""
        live = [b for b in register.batches(self.store) if b.state == "published"]
        whole = [b for b in live if b.base_facts_version is None]
        self._rng.shuffle(live)
        free = (b for b in live if (b not in whole or whole[1:]) and not why_held(self.store, b.batch_id))
        return next((b.batch_id for b in free), None)

    def _import(self) -> Prepared:
        known = self._dataset
        # The same figures under another fingerprint, so that every import is a new one.
        fresh = replace(known, source_name=self._text(), sha256=f"{known.sha256}-{time.time_ns()}")
        covered = coverage_of(self.store, fresh)
        adds = {
            **_rows_of_batch(fresh.tables),
            "batch_coverage": len(covered.townships) * len(covered.years),
            "batch_county_years": len(covered.county_years),
            "batch_warnings": len(fresh.warnings),
        }
        return self._adding(
            adds, lambda: loading.load(self.store, fresh, self.standard, LOCAL_ADMINISTRATOR, datetime.now())
        )

    def _correction(self) -> Prepared:
        tables = current_tables(self.store, COUNTY, year=YEAR)
        row = self._rng.choice([r for r in tables["premises"] if r["operating_funds_yuan"] is not None])
        [home] = [r["township_code"] for r in tables["schools"] if r["school_id"] == row["school_id"]]
        key: dict[str, str | int] = {"school_id": str(row["school_id"]), "year": YEAR}
        other = f"{float(str(row['operating_funds_yuan'])) + self._rng.randint(1, 999):.0f}"
        change = Correction("premises", key, "operating_funds_yuan", other)
        adds = {**_rows_of_batch(township_tables(tables, {home})), "batch_coverage": 1}
        return self._adding(
            adds,
            lambda: correct_figures(
                self.store, self.standard, COUNTY, [change], LOCAL_ADMINISTRATOR, datetime.now(), REASON
            ),
        )

    def _publish(self) -> Prepared:
        number = self._may_be_published()
        assert number is not None
        return self._adding(
            {"publications": 1},
            lambda: publishing.publish(self.store, number, LOCAL_ADMINISTRATOR, datetime.now(), REASON),
        )

    def _withdraw(self) -> Prepared:
        number = self._may_be_withdrawn()
        assert number is not None
        return self._adding(
            {"publications": 1},
            lambda: publishing.withdraw(self.store, number, LOCAL_ADMINISTRATOR, datetime.now(), REASON),
        )

    def _updates(self) -> Prepared:
        """A monthly report of some rows, which are kept together."""
        unit, day = self._rng.choice(_DEPARTMENTS), date.today()
        drafts = [
            (UpdateDraft(sub_item_id=i, unit_id=unit, day=day, status="on_track", note=self._text()), 0)
            for i in self._rng.sample(_SUB_ITEMS, 20)
        ]
        return self._adding(
            {"sub_item_updates": len(drafts)},
            lambda: append_updates(self.store, PLAN, COUNTY, drafts, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _confirmation(self) -> Prepared:
        kept = ConfirmationDraft(
            sub_item_id=self._rng.choice(_SUB_ITEMS),
            lead_unit_id=self._rng.choice(_DEPARTMENTS),
            due=date.today() + timedelta(days=365),
            day=date.today(),
            note=self._text(),
        )
        return self._adding(
            {"confirmations": 1}, lambda: confirm(self.store, PLAN, COUNTY, kept, LOCAL_ADMINISTRATOR, datetime.now())
        )

    def _decision(self) -> Prepared:
        kept = DecisionDraft(
            decision=self._text(), owner_unit_id=self._rng.choice(_DEPARTMENTS), day=date.today(), note=REASON
        )
        return self._adding(
            {"decisions": 1}, lambda: decide(self.store, PLAN, COUNTY, kept, LOCAL_ADMINISTRATOR, datetime.now())
        )

    def _evidence(self) -> Prepared:
        kept = EvidenceDraft(
            subject=self._rng.choice(_SUB_ITEMS),
            title=self._text(),
            year=YEAR,
            holder_unit_id=self._rng.choice(_DEPARTMENTS),
            state="filed",
            day=date.today(),
        )
        return self._adding(
            {"evidence_documents": 1},
            lambda: file_evidence(self.store, PLAN, COUNTY, kept, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _project(self) -> Prepared:
        slots = {slot.slot_id: self._text() for slot in PLAN.project_slots if slot.slot_id != "responsible_unit"}
        slots["responsible_unit"] = self._rng.choice(_DEPARTMENTS)
        kept = ProjectDraft(day=date.today(), slots=slots, places=self._rng.randint(1, 900))
        return self._adding(
            {"projects": 1, "project_slots": len(slots)},
            lambda: append_project(self.store, PLAN, COUNTY, kept, 0, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _issue(self) -> Prepared:
        kept = IssueDraft(title=self._text(), basis=REASON, day=date.today())
        facts = facts_by_year(self.store, self.standard, COUNTY, {})
        return self._adding(
            {"ledger_issues": 1},
            lambda: open_issue(self.store, PLAN, facts, COUNTY, kept, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _ledger_step(self) -> Prepared:
        """An issue is handed to somebody, then corrected again and again."""
        issue, today = read_issues(self.store, COUNTY, date.today())[-1], date.today()
        kept = StepDraft(issue_number=issue.number, step_id=CORRECTING, day=today, measures=self._text())
        if not issue.steps:
            unit = self._rng.choice(_DEPARTMENTS)
            kept = StepDraft(
                issue_number=issue.number, step_id=ASSIGNED, day=today, unit_id=unit, person=REASON, due=today
            )
        facts = facts_by_year(self.store, self.standard, COUNTY, {})
        return self._adding(
            {"ledger_steps": 1},
            lambda: take_step(self.store, PLAN, facts, COUNTY, kept, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _scenario(self) -> Prepared:
        levers = [AddResource("L1", self._rng.randint(1, 200))]
        name, present = self._text(), self._baseline
        return self._adding(
            {"scenarios": 1},
            lambda: save_scenario(self.store, present, name, levers, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _mapping(self) -> Prepared:
        fields = {"code": FieldSource(("代码",)), "name": FieldSource(("名称",))}
        kept = ColumnMapping(self._text(), (MappedSheet("乡镇", "townships", (1, 1), fields),))
        return self._adding(
            {"column_mappings": 1}, lambda: save_mapping(self.store, kept, LOCAL_ADMINISTRATOR, datetime.now())
        )

    def _county_files(self) -> Prepared:
        found = [name for name in COUNTY_FILES if (DEMO_COUNTY / name).is_file()]
        return self._adding(
            {"county_files": len(found)},
            lambda: keep_county_files(self.store, COUNTY, DEMO_COUNTY, LOCAL_ADMINISTRATOR, datetime.now()),
        )

    def _backup(self) -> Prepared:
        target = self._database.with_name(f"backup-{time.time_ns()}.duckdb")
        return self._adding({BACKUPS: 1}, lambda: back_up(self.store, target, LOCAL_ADMINISTRATOR, self.standard))

    def _older_backup(self) -> Path:
        """A backup under older rules, as one of last year is: its copy is brought up to date on the way."""
        source = self._database.with_name(f"restored-{time.time_ns()}.duckdb")
        back_up(self.store, source, LOCAL_ADMINISTRATOR, self.standard)
        with closing(duckdb.connect(str(source))) as older:
            older.execute("update store_format set rules_fingerprint = 'of older rules'")
        return source

    def _restore(self) -> Prepared:
        """What was decided after the backup is gone once it is restored, and nothing else."""
        source = self._to_restore
        assert source is not None
        now = self.now()
        self._to_restore = None
        self.store.close()

        def judge(store: Store) -> object:
            return assess(store, self.standard, COUNTY, YEAR)

        def put_back() -> None:
            restore(source, self._database, self.standard, judge, LOCAL_ADMINISTRATOR, datetime.now())
            self.store = self._opened()
            source.unlink()

        return Prepared(now, {**now, "decisions": now["decisions"] - 1, "audit": now["audit"] - 1}, put_back)


def _rows_of_batch(tables: Tables) -> Counts:
    """What a batch of these tables adds, but for what it covers and the warnings."""
    classes = {(row["school_id"], row["year"], row["stage"]) for row in tables["classes"]}
    return {**{name: len(rows) for name, rows in tables.items()}, "batches": 1, "class_counts": len(classes)}


_KINDS: Mapping[str, Callable[[Writing], Prepared]] = {
    "import": Writing._import,
    "publish": Writing._publish,
    "withdraw": Writing._withdraw,
    "correction": Writing._correction,
    "updates": Writing._updates,
    "project": Writing._project,
    "issue": Writing._issue,
    "ledger step": Writing._ledger_step,
    "decision": Writing._decision,
    "evidence": Writing._evidence,
    "confirmation": Writing._confirmation,
    "scenario": Writing._scenario,
    "mapping": Writing._mapping,
    "county files": Writing._county_files,
    "backup": Writing._backup,
    "restore": Writing._restore,
}
KINDS = tuple(_KINDS)
