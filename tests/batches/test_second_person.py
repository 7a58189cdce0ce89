"""What schools judge well of themselves counts only once another person has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from core.access import Actor
from core.batches import loading, publishing
from core.errors import RequestInvalid
from core.intake.checkup.checking import check
from core.intake.reading.sources import open_uploads
from core.rules.standard import Standard
from core.store.database import Store
from tests.support.books import Tables, csv_files, small_tables

NOW = datetime(2023, 11, 30, 10)
CLERK = Actor("张三", frozenset({"clerk"}), verified=True, person_id="zhang.san")
OFFICE = Actor("李四", frozenset({"office"}), verified=True, person_id="li.si")


def with_judgement(status: str, document: str = "自评报告") -> Tables:
    """The small county with one school's judgement of itself."""
    tables = small_tables()
    year, school = tables["enrolment"][1][1], tables["schools"][1][0]
    header = ["school_id", "year", "item", "status", "document", "document_date", "note"]
    return {**tables, "school_judgements": [header, [school, year, "Q5", status, document, "", ""]]}


def loaded(store: Store, standard: Standard, tables: Tables, actor: Actor = CLERK) -> int:
    dataset = check(open_uploads([*csv_files(tables).items()]))
    return loading.load(store, dataset, standard, actor, NOW)


def test_who_loaded_it_does_not_publish_it(store: Store, standard: Standard) -> None:
    batch = loaded(store, standard, with_judgement("met"))
    with pytest.raises(RequestInvalid, match="新结论 1 项，须由上传人以外的人核验后发布"):
        publishing.publish(store, batch, CLERK, NOW, "")
    publishing.publish(store, batch, OFFICE, NOW, "已核对自评材料")
    # What was looked at once stays looked at; another document is another word.
    same = with_judgement("met")
    same["premises"] = [same["premises"][0], *([*row[:2], "9999", *row[3:]] for row in same["premises"][1:])]
    publishing.publish(store, loaded(store, standard, same), CLERK, NOW, "")
    with pytest.raises(RequestInvalid, match="核验后发布"):
        publishing.publish(store, loaded(store, standard, with_judgement("met", "新报告")), CLERK, NOW, "")


def test_a_failure_and_an_unjudged_school_need_nobody_else(store: Store, standard: Standard) -> None:
    for status in ("not_met", ""):
        publishing.publish(store, loaded(store, standard, with_judgement(status)), CLERK, NOW, "")


def test_alone_at_the_machine_one_person_does_both(store: Store, standard: Standard) -> None:
    alone = replace(CLERK, verified=False, roles=CLERK.roles | {"office"})
    publishing.publish(store, loaded(store, standard, with_judgement("met"), alone), alone, NOW, "")
