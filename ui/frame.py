"""The frame of every page: the guard, what is looked at, the shared choices, where the figures come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st
from propcache.api import cached_property

from core.access import Action, Actor
from core.batches.counting import counting_batches
from core.batches.register import Batch
from core.delivery.figures.facts_by_year import snapshot
from core.delivery.status.situation import Situation
from core.errors import FiguresMissing, InputRejected, NotPermitted, PlatformError
from core.facts import published
from core.method.assessment import Assessment
from core.method.changes import NO_CHANGES, Changes
from core.outlook.baseline import Baseline
from core.reports.official.paper import draft_mark
from core.reports.tables import DEMO_MARK
from core.rules.county import County
from core.rules.plan import Plan
from core.rules.standard import Standard
from core.store.database import Store
from core.store.opening import database_path, low_disk_sentence
from core.wording.batches import years_text
from core.wording.positions import no_plan_sentence
from core.wording.readings import outside_their_years, relief_clause
from core.wording.verdicts import without_figures_text
from ui import cache
from ui.access import guard
from ui.draft import arrive, refusals
from ui.labels import plain
from ui.links import refusal_sentence
from ui.menu import page_file, title_of
from ui.pickers import as_of_picker, year_picker
from ui.shared import carried_choice, carry, viewed_draft
from ui.store_of_record import store_of_record
from ui.top_bar import copy_link_button, demo_chip, page_name, search_field, simulation_chip, township_picker

WHERE_PLANS_COME_IN = "方案由系统管理员载入，办法见系统管理员指南“另一个县”一节。"


@dataclass(frozen=True)
class Desk:
    """What a page works with before any figures count: the store, the rules, and who is there."""

    store: Store
    standard: Standard
    key: cache.Key
    actor: Actor


@dataclass(frozen=True)
class View(Desk):
    """What a page looks at: county, as-of day, school year, and who looks."""

    county: County
    as_of: date
    year: int
    years: tuple[int, ...]
    counting: tuple[Batch, ...]
    # Whether any figure that counts is synthetic; then every page and file says so.
    is_demo: bool
    # The township that the whole page is about, None for the county.
    township: str | None = None
    # The draft that is looked at; kept, since a file is made when nobody is at the page any more.
    draft: int | None = None

    @property
    def township_name(self) -> str:
        """The chosen township's name, empty for the county."""
        return "" if self.township is None else self.assessment.township_names[self.township]

    def within(self, township_code: str | None) -> bool:
        """Whether something of a township belongs to what the page shows."""
        return self.township in (None, township_code)

    def of_township(self, answer: str) -> str:
        """An answer with the township of which it is true; the county's stands as it is."""
        return f"{self.township_name}：{answer}" if self.township is not None else answer

    @property
    def batch(self) -> Batch:
        """The last published of the batches from which the school year's figures come."""
        return self.counting[0]

    def batch_words(self) -> str:
        """Every batch from which the school year's figures come."""
        return "批次 " + "、".join(str(number) for number in sorted(b.batch_id for b in self.counting))

    def batch_source(self) -> str:
        """The same with the day on which the last published of them came in."""
        last = "最近 " if len(self.counting) > 1 else ""
        return f"{self.batch_words()}（{last}{self.batch.loaded_at:%Y-%m-%d} 导入）"

    @property
    def county_code(self) -> str:
        """The county's code."""
        return self.county.code

    @property
    def county_name(self) -> str:
        """The county's name."""
        return self.county.name

    @property
    def plan(self) -> Plan:
        """The county's plan, NO_PLAN where it has none."""
        return self.county.plan

    def filed_deadline(self, target_id: str) -> date | None:
        """By when the plan's file wanted a target, whatever was changed since; None for a target that was added."""
        return next((t.deadline for t in self.county.plan_as_filed.dated_targets if t.target_id == target_id), None)

    @cached_property
    def assessment(self) -> Assessment:
        """The judgement of the chosen school year."""
        return self.assessment_of(self.year)

    @cached_property
    def situation(self) -> Situation:
        """The plan at the as-of day: obligations, records, projects, ledger."""
        return cache.situation(self.key, self.as_of)

    def assessment_of(self, year: int) -> Assessment:
        """The judgement of another school year."""
        if year not in self._assessments:
            self._assessments[year] = cache.assessment(self.key, year, self.as_of, opened=self.store)
        return self._assessments[year]

    @cached_property
    def _assessments(self) -> dict[int, Assessment]:
        """Those asked for in this run: a table of every year and school asks some hundred times."""
        return {}

    def judged(self, *, choices: Mapping[str, str] | None = None, changes: Changes = NO_CHANGES) -> Assessment:
        """The judgement of the chosen school year by other readings of the rules, or with changes laid over it."""
        return cache.assessment(self.key, self.year, self.as_of, choices, changes, opened=self.store)

    def with_changes(self, changes: Changes) -> Assessment:
        """The judgement of the chosen school year with changes laid over it, as every search asks for it."""
        return self.judged(changes=changes)

    def read_as(self, choices: Mapping[str, str]) -> Assessment:
        """The judgement of the chosen school year by other choices, as what tells of readings asks for it."""
        return self.judged(choices=choices)

    @cached_property
    def baseline(self) -> Baseline:
        """The chosen school year as every what-if starts from it."""
        return cache.baseline(self.key, self.year, self.as_of)

    @property
    def earlier_years(self) -> tuple[int, ...]:
        """The school years up to the chosen one, in order."""
        return tuple(y for y in self.years if y <= self.year)

    @property
    def unpublished_years(self) -> list[int]:
        """The school years after the latest published one that have begun by the day, while that one is looked at."""
        later = range(self.years[-1] + 1, self.as_of.year + 1)
        return [y for y in later if snapshot(y) <= self.as_of] if self.year == self.years[-1] else []

    def source_line(self) -> str:
        """Where every figure of the page comes from."""
        demo = f"{DEMO_MARK} · " if self.is_demo else ""
        waiting = f"{draft_mark(self.draft)} · " if self.draft is not None else ""
        return (
            f"{demo}{waiting}数据截至 {self.as_of:%Y-%m-%d} · {self.year} 学年（{self.year} 年 9 月 1 日） · "
            f"{self.batch_source()} · "
            f"口径 {self.standard.documents['standard'].number}{relief_clause(self.assessment, self.standard)}"
        )


@contextmanager
def page(
    path: str,
    question: str,
    *,
    before_figures: Callable[[Desk], None] | None = None,
    of_plan: bool = False,
    by_township: bool = False,
    is_simulated: bool = False,
    actions: tuple[Action, ...] = ("view",),
) -> Iterator[View]:
    """Open a page that answers one question; problems become sentences, nothing is half shown as a result.

    `path` is the page's place in the menu. `before_figures` is what the page offers while no figures count; other pages
    say where to begin. A page `of_plan` says in one sentence that the county has none, where it has none; a page
    `by_township` shows a chosen township, every other says that it does not; one that `is_simulated` says so. Who may take none of its `actions` does
    not see it.
    """
    arrive(path)
    with _sentences():
        actor = guard(*actions)
        draft, asked = viewed_draft(), carried_choice("draft")
        if asked is not None and (draft is None or not cache.is_draft(draft)):
            carry("draft", "", "")
            st.warning(plain(f"批次 {asked} 不存在或已不是草稿，现显示已发布的数据。"))
            draft = None
        if actor.may("load") or actor.may("backup"):
            record = store_of_record()
            for warning in filter(None, (low_disk_sentence(database_path()), record.unguarded, record.uncopied)):
                st.warning(plain(warning))
        desk = Desk(cache.store(), cache.standard(), cache.key(), actor if draft is None else actor.at_a_draft())
        view = _view(desk, path, by_township, is_simulated)
        if view is None and before_figures is not None:
            before_figures(desk)
        elif view is None:
            st.info("还没有已发布的数据。请到“数据管理”上传并发布本县的年度工作簿。")
        if draft is not None and view is not None:
            carry("draft", str(draft), "")
            _draft_banner(draft)
        if view is not None:
            if missing := view.unpublished_years:
                st.markdown(f":orange[◆ {years_text(missing)}的数据尚未发布，现按 {view.year} 学年判定。]")
            for warning in outside_their_years(view.assessment.choices, view.year, view.standard):
                st.warning(plain(warning))
            if incomplete := without_figures_text(view.assessment):
                st.markdown(f":orange[◆ {plain(incomplete)}。]")
            refused = st.empty()
    if view is None:
        st.stop()
    if of_plan and not view.plan.exists:
        st.info(plain(f"{no_plan_sentence(view.county)}{WHERE_PLANS_COME_IN}"))
        st.stop()
    with _sentences():
        yield view
        if sentences := [refusal_sentence(refusal) for refusal in refusals()]:
            refused.warning("  \n".join(sentences), icon=":material/link_off:")
        st.caption(plain(f"本页回答：{question}。  \n{view.source_line()}"))


@contextmanager
def page_of_many(path: str, question: str, source: Callable[[], str]) -> Iterator[Desk]:
    """Open a page about many counties: it needs no figures of this one, and `source` says where its own come from."""
    arrive(path)
    with _sentences():
        desk = Desk(cache.store(), cache.standard(), cache.key(), guard("view"))
        with st.container(horizontal=True, key="bar", vertical_alignment="center"):
            page_name(title_of(path))
            copy_link_button()
        yield desk
        st.caption(plain(f"本页回答：{question}。  \n{source()}"))


def redrawn_alone(view: View, draw: Callable[[View], None], *, every: str | None = None) -> None:
    """Draw a part of the page that its own choices redraw without the rest; no choice outside it may depend on it.

    It is also drawn `every` so often by itself.

    When other figures or records have come to count meanwhile, or the person's rights are others, the whole page follows.
    """

    @st.fragment(run_every=every)
    def part() -> None:
        with _sentences():
            now = guard("view")
            is_same_person = (now.at_a_draft() if view.actor.looks_at_a_draft else now) == view.actor
            if cache.store() is not view.store or cache.key() != view.key or not is_same_person:
                st.rerun()
            draw(view)

    part()


@contextmanager
def _sentences() -> Iterator[None]:
    """A refusal stands on the page as its sentence, and the page ends there."""
    try:
        yield
    except InputRejected as rejected:
        st.error(plain(str(rejected).splitlines()[0]))
        st.table([{"问题": plain(p.sentence())} for p in rejected.problems])
        st.stop()
    except (FiguresMissing, NotPermitted) as refusal:
        # Nothing went wrong: it is not this page's turn, or not this person's.
        st.info(plain(refusal))
        st.page_link(page_file("conclusions/overview"), label="返回总览", icon=":material/arrow_back:")
        st.stop()
    except PlatformError as refusal:
        st.error(plain(refusal))
        st.stop()


def _draft_banner(draft: int) -> None:
    """Nobody takes a draft for published figures; one click leaves it."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":violet[**◇ 正在以草稿查看：批次 {draft}**]　尚未发布，数字与结论均不作数，此时不能填报。")
        if st.button("退出草稿", icon=":material/close:"):
            carry("draft", "", "")
            st.rerun()


def day_shown_first(county: County, with_figures: Sequence[int], *, is_demo: bool) -> date:
    """The day as of which a page tells unless asked otherwise: today, of a demonstration its own."""
    if county.demonstration_day is not None and is_demo:
        return county.demonstration_day
    return max(date.today(), snapshot(with_figures[0]))


def _view(desk: Desk, path: str, by_township: bool, is_simulated: bool) -> View | None:
    """The bar over the page and what is chosen in it; None while no figures count."""
    store = desk.store
    if not store.once("counties", lambda: published.published_counties(store)):
        return None
    county = cache.county_as_filed(desk.key)
    county_code = county.code
    with_figures = store.once("years", lambda: published.published_years(store, county_code))
    is_demo = store.once("is_demo", lambda: published.is_demo(store, county_code))
    with st.container(horizontal=True, key="bar", vertical_alignment="center"):
        page_name(title_of(path))
        default = day_shown_first(county, with_figures, is_demo=is_demo)
        latest = max(date(with_figures[-1] + 1, 12, 31), default)
        as_of = as_of_picker(default, snapshot(with_figures[0]), latest)
        years = [y for y in with_figures if snapshot(y) <= as_of]
        year = year_picker(years)
        counting = store.once(f"counting {year}", lambda: tuple(counting_batches(store, county_code, year)))
        view = View(
            store,
            desk.standard,
            desk.key,
            desk.actor,
            cache.county(desk.key, as_of),
            as_of,
            year,
            tuple(years),
            counting,
            is_demo,
            draft=viewed_draft(),
        )
        township = township_picker(view.assessment.township_names, matters=by_township)
        if is_demo:
            demo_chip()
        if is_simulated:
            simulation_chip()
        search_field()
        copy_link_button()
    return replace(view, township=township)
