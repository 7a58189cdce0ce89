"""To forward where the intranet does not reach: the one-page 简报 as a file, 通报文字 to copy into a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

import streamlit as st

from core.access import Actor
from core.batches.counting import counting_batches
from core.delivery.owed.scoreboard import scoreboard
from core.delivery.owed.units import township_page, unit_page
from core.delivery.records.pins import PinDraft, keep_pin
from core.delivery.records.records import reported_in_month
from core.errors import PlatformError
from core.reports.briefing.briefings import county_briefing, township_briefing, unit_briefing
from core.reports.briefing.page import Briefing, briefing_pdf
from core.reports.briefing.school_briefing import school_briefing
from core.reports.editions.school_paper import school_paper
from core.reports.editions.unit_paper import township_paper, unit_paper
from core.reports.link_code import link_code
from core.reports.official.paper import Paper, of_a_draft
from core.reports.official.word import paper_docx
from core.reports.tables import file_name
from core.wording.carrying_out.notice import county_notice, school_notice, township_notice, unit_notice
from core.wording.stated import figures_about
from ui import cache
from ui.access import while_permitted
from ui.forms import writer
from ui.frame import View
from ui.labels import plain
from ui.menu import menu_paths

_OF_THE_DAY = frozenset({"as_of", "year", "draft", "pin"})


@dataclass(frozen=True)
class _Message:
    """Whom it is about, as file names say it, the page and the text."""

    about: str
    briefing: Briefing
    notice: str


def forwarding(
    view: View, unit_id: str | None = None, township_code: str | None = None, school_id: str | None = None
) -> None:
    """The briefing to download and the notice to copy: of the county, or of one department, township or school."""
    about = school_id or township_code or unit_id or view.county_code
    shown = view if about in (view.county_code, school_id) else _of_the_day(view)
    message = cache.told(
        shown.key, shown.year, shown.as_of, about, lambda: _message(shown, unit_id, township_code, school_id)
    )
    pin, draft = pin_here(shown, *_about(shown, unit_id, township_code, school_id)), shown.draft
    with st.container(horizontal=True, key=f"forwarding_{about}"):
        st.download_button(
            "下载一校一单 PDF" if school_id else "下载简报 PDF",
            lambda: briefing_pdf(checked(view, message.briefing, pin)),
            file_name(
                "一校一单" if school_id else "简报",
                f"{shown.year}学年-截至{shown.as_of:%Y%m%d}-批次{shown.batch.batch_id}",
                message.about,
                "pdf",
                is_demo=shown.is_demo,
            ),
            "application/pdf",
            key=f"briefing_{about}",
            icon=":material/picture_as_pdf:",
            on_click="ignore",
        )
        if school_id or township_code or unit_id:
            st.download_button(
                "一校一案 Word" if school_id else "清单和责任书 Word",
                while_permitted(
                    "view",
                    lambda: paper_docx(linked(view, _paper(shown, unit_id, township_code, school_id, draft), pin)),
                ),
                file_name(
                    "一校一案" if school_id else "问题任务责任清单",
                    f"{shown.year}学年-截至{shown.as_of:%Y%m%d}",
                    message.about,
                    "docx",
                    is_demo=shown.is_demo,
                ),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                key=f"paper_{about}",
                icon=":material/description:",
                on_click="ignore",
            )
        with st.popover("复制通报文字", icon=":material/content_copy:"):
            st.caption("点右上角的复制按钮，粘贴到工作群即可。")
            # Plain text: nothing of it is read as markup.
            st.code(f"{message.notice}\n{_address(shown)}", language=None, wrap_lines=True)
        if view.actor.has_more_elsewhere:
            st.caption("这里下载的文件不带固定数字的链接；需要的，先点左侧“转到办理页面”。")
        if view.actor.may("pin"):
            _pin_offer(shown, *_about(shown, unit_id, township_code, school_id))


def _about(view: View, unit_id: str | None, township_code: str | None, school_id: str | None) -> tuple[str, str]:
    """Whose figures the page states: kind and identifier."""
    for kind, identifier in (("school", school_id), ("township", township_code), ("unit", unit_id)):
        if identifier is not None:
            return kind, identifier
    return "county", view.county_code


def _pin_offer(view: View, kind: str, identifier: str) -> None:
    """A link whose figures stay, as text and as a code to scan."""
    with st.popover("固定数字的链接", icon=":material/push_pin:"):
        st.caption("以后打开这个链接，会同时看到今天的数字、那时的数字和其间的变化。")
        actor = writer(view, "生成人", f"pin_{identifier}_name")
        if not st.button("生成链接", key=f"pin_{identifier}"):
            return
        try:
            link = pin_here(view, kind, identifier)(actor)
        except PlatformError as refusal:
            st.error(plain(refusal))
            return
        st.code(link, language=None, wrap_lines=True)
        st.image(link_code(link), width=160)


def pin_here(view: View, kind: str, identifier: str) -> Callable[[Actor], str]:
    """Pins the figures of this page when it is called, perhaps long after the run; gives the link to the pin."""
    root, path = root_and_page(st.context.url or "")
    # What is fixed is the day of the figures: the page itself is opened as it is then.
    asked = urlencode({k: v for k, v in st.query_params.to_dict().items() if k not in _OF_THE_DAY})

    def pinned(actor: Actor) -> str:
        draft = PinDraft(
            day=view.as_of,
            year=view.year,
            address=f"{path or './'}?{asked}",
            about_kind=kind,
            about_id=identifier,
            facts_version=view.key.facts,
            batches=view.batch_words(),
            standard_id=view.standard.standard_id,
            figures=figures_about(view.situation, view.assessment, kind, identifier),
        )
        pin = keep_pin(view.store, view.county_code, draft, actor, datetime.now())
        return f"{root}/pinned?pin={pin.number}"

    return pinned


def root_and_page(url: str) -> tuple[str, str]:
    """Where the platform begins, without a slash at its end, and which of its pages an address opens, empty for the first."""
    asked = urlsplit(url)
    head, _, last = asked.path.rstrip("/").rpartition("/")
    is_page = last in menu_paths()
    place = head if is_page else asked.path.rstrip("/")
    return f"{asked.scheme}://{asked.netloc}{place}", last if is_page else ""


def checked(view: View, briefing: Briefing, pin: Callable[[Actor], str]) -> Briefing:
    """The page with a link to its pinned figures, for whoever may pin them."""
    return replace(briefing, link=pin(view.actor)) if view.actor.may("pin") else briefing


def linked(view: View, paper: Paper, pin: Callable[[Actor], str]) -> Paper:
    """The paper with a link to its pinned figures, for whoever may pin them."""
    return replace(paper, link=pin(view.actor)) if view.actor.may("pin") else paper


def _address(view: View) -> str:
    """Where just this is looked at, on this day and year, for who gets the text in a chat."""
    return f"{(st.context.url or '').split('?')[0]}?{_asked(view)}"


def _asked(view: View) -> str:
    return urlencode({**st.query_params.to_dict(), "as_of": view.as_of.isoformat(), "year": str(view.year)})


def _message(view: View, unit_id: str | None, township_code: str | None, school_id: str | None) -> _Message:
    now, source, demo = view.situation, view.source_line(), view.is_demo
    if school_id is not None:
        return _Message(
            view.assessment.rows_of(school_id)[0].name,
            school_briefing(now, view.assessment, school_id, source, demo),
            school_notice(now, view.assessment, school_id, source),
        )
    if township_code is not None:
        township = township_page(now, township_code)
        return _Message(
            township.name, township_briefing(now, township, source, demo), township_notice(now, township, source)
        )
    if unit_id is not None:
        unit = unit_page(now, unit_id)
        return _Message(
            view.plan.unit(unit_id).name, unit_briefing(now, unit, source, demo), unit_notice(now, unit, source)
        )
    scores = scoreboard(now, reported_in_month(view.store, view.county_code, view.as_of, view.as_of))
    return _Message(
        view.county_name,
        county_briefing(now, view.assessment, scores, view.with_changes, source, demo),
        county_notice(now, view.assessment, scores, source),
    )


def _paper(
    view: View, unit_id: str | None, township_code: str | None, school_id: str | None, draft: int | None
) -> Paper:
    """The paper of a school, a township or a department, with the names that this person may see."""
    now, reader, demo = view.situation, view.actor, view.is_demo
    if school_id is not None:
        paper = school_paper(now, view.assessment, school_id, reader, demo)
    elif township_code is not None:
        paper = township_paper(now, township_page(now, township_code), reader, demo)
    else:
        paper = unit_paper(now, unit_page(now, unit_id or ""), reader, demo)
    return of_a_draft(paper, draft)


def _of_the_day(view: View) -> View:
    """A unit is told by the facts that count on the day, whatever year is looked at; the source says so."""
    year = view.situation.year
    if year is None or year == view.year:
        return view
    return replace(view, year=year, counting=tuple(counting_batches(view.store, view.county_code, year)))
