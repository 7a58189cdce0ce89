"""Everybody's digest by mail: who has an address and something to know gets a letter of their own scope.

send_digests(store, then, now, server, address, source_line, actor, clock) -> MailReceipt
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.access import Actor, require
from core.audit import keep_action
from core.delivery.owed.digest import digest, scope_of
from core.delivery.status.situation import Situation
from core.people.mail import MailLetter, MailServer, deliver
from core.people.people import read_people
from core.store.database import Store
from core.wording.carrying_out.digest import digest_headline, digest_text


@dataclass(frozen=True)
class MailReceipt:
    """Who got a letter, whose the server did not take and why, who had nothing to know."""

    sent: tuple[str, ...]
    refused: tuple[str, ...]
    nothing: tuple[str, ...]


def send_digests(
    store: Store,
    then: Situation,
    now: Situation,
    server: MailServer,
    address: str,
    source_line: str,
    actor: Actor,
    clock: datetime,
) -> MailReceipt:
    """Send them. Raises NotPermitted, RequestInvalid where the server does not answer; what went out is recorded."""
    require(actor, "supervise", now.county_code)
    letters, nothing = [], []
    for person in read_people(store):
        if person.person_id not in server.addresses or not person.may_log_in(clock.date()):
            continue
        found = digest(then, now, scope_of(person.roles, person.units, person.townships, person.schools))
        if found.is_empty:
            nothing.append(person.person_id)
            continue
        subject = f"{now.county.name}优质均衡提醒：{digest_headline(found)}"
        letters.append(MailLetter(person.person_id, subject, digest_text(found, now, address, source_line)))
    refused = deliver(server, letters) if letters else []
    failed = {one.split("（")[0] for one in refused}
    sent = tuple(letter.person_id for letter in letters if letter.person_id not in failed)
    with store.write() as cursor:
        keep_action(
            cursor, actor, "mail", f"提醒邮件 {len(sent)} 封", clock, after={"to": list(sent), "refused": refused}
        )
    return MailReceipt(sent, tuple(refused), tuple(nothing))
