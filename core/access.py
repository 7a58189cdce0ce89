"""Who acts, in which roles and where, and what each role may do. Every write in core names its actor and passes `require`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.errors import NotPermitted

Role = Literal["viewer", "leader", "school", "inspector", "liaison", "clerk", "office", "reviewer", "administrator"]
Action = Literal[
    "view",
    "open",
    "pin",
    "imagine",
    "load",
    "publish",
    "report",
    "correct",
    "visit",
    "attend",
    "supervise",
    "check",
    "plan",
    "backup",
    "people",
    "audit",
]
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

ROLE_NAMES: Mapping[Role, str] = {
    "viewer": "查看人员",
    "leader": "领导小组成员",
    "school": "学校填报员",
    "inspector": "责任督学",
    "liaison": "部门（乡镇）联络员",
    "clerk": "数据管理员",
    "office": "创建办",
    "reviewer": "核验人",
    "administrator": "系统管理员",
}
ACTION_NAMES: Mapping[Action, str] = {
    "view": "查看",
    "open": "打开附件",
    "pin": "生成固定数字的链接",
    "imagine": "保存方案测算",
    "load": "上传、更正数据",
    "publish": "发布、撤回数据",
    "report": "填报进展和佐证",
    "correct": "登记整改和佐证",
    "visit": "登记督导、下达意见书",
    "attend": "登记控辍保学",
    "supervise": "建账、交办、拟督办文书",
    "check": "核验、销号",
    "plan": "确认责任、登记决策",
    "backup": "备份、恢复",
    "people": "管理人员与权限",
    "audit": "查看操作记录",
}
# Who may do what. Who is not named may not.
MAY: Mapping[Action, frozenset[Role]] = {
    "view": frozenset(ROLES),
    "open": frozenset(ROLES) - {"viewer"},
    "pin": frozenset(ROLES) - {"viewer"},
    "imagine": frozenset({"liaison", "clerk", "office", "reviewer"}),
    "load": frozenset({"clerk"}),
    "publish": frozenset({"clerk", "office"}),
    "report": frozenset({"liaison", "office"}),
    "correct": frozenset({"school", "liaison", "office"}),
    "visit": frozenset({"inspector", "office"}),
    "attend": frozenset({"school", "liaison", "office"}),
    "supervise": frozenset({"office"}),
    "check": frozenset({"inspector", "reviewer"}),
    "plan": frozenset({"office"}),
    "backup": frozenset({"administrator"}),
    "people": frozenset({"administrator"}),
    "audit": frozenset({"administrator"}),
}
# What these may do they may do only for their own units, townships and schools.
_OF_SCHOOLS: frozenset[Role] = frozenset({"school", "inspector"})
_WITHIN_SCOPE: frozenset[Role] = _OF_SCHOOLS | {"liaison"}
# What may be done where only a copy of the data is read.
_AT_A_COPY: frozenset[Action] = frozenset({"view", "open"})
# Those who come to look; a leader at times also fixes the figures of a link.
_LOOKING: frozenset[Role] = frozenset({"viewer", "leader"})
# What is about no unit's or township's own affairs.
_ABOUT_NO_PLACE: frozenset[Action] = frozenset({"view", "pin", "imagine"})


@dataclass(frozen=True)
class Scope:
    """What an action is about: a name for the refusal, and the unit, township or schools to which it belongs."""

    name: str
    unit_id: str | None = None
    township_code: str | None = None
    school_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """A person at work; `verified` is False until a login vouches for the name.

    Who does not see names is told that somebody did something, and when, not who. `origin` is the address from which
    the person works, as the record of actions keeps it.
    """

    name: str
    roles: frozenset[Role] = frozenset(ROLES)
    verified: bool = False
    sees_names: bool = True
    person_id: str = ""
    units: frozenset[str] = frozenset()
    townships: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()
    origin: str = ""
    looks_at_a_draft: bool = False
    reads_a_copy: bool = False

    def may(self, action: Action, scope: Scope | None = None) -> bool:
        """Whether one of the roles allows the action, for the scope where it is given, else for some scope."""
        if self.reads_a_copy and action not in _AT_A_COPY:
            return False
        allowing = self.roles & MAY[action]
        if scope is None or action in _ABOUT_NO_PLACE:
            return bool(allowing)
        return any(role not in _WITHIN_SCOPE or self._is_own(scope, role) for role in allowing)

    def _is_own(self, scope: Scope, role: Role) -> bool:
        if role in _OF_SCHOOLS:
            return bool(scope.school_ids & self.schools)
        if scope.township_code is not None:
            return scope.township_code in self.townships
        return scope.unit_id is not None and scope.unit_id in self.units

    def at_a_draft(self) -> Actor:
        """The same person while a draft is looked at as if it counted: nothing may be written about it."""
        return replace(self, roles=frozenset({"viewer"}), looks_at_a_draft=True)

    def at_a_copy(self) -> Actor:
        """The same person where only a copy of the data is read: nothing may be written."""
        return replace(self, reads_a_copy=True)

    @property
    def only_looks(self) -> bool:
        """Whether a copy of the data is enough for nearly all that the person comes for."""
        return self.roles <= _LOOKING

    @property
    def has_more_elsewhere(self) -> bool:
        """Whether the person may do more where data is written than here, at a copy of it."""
        return self.reads_a_copy and any(self.roles & MAY[action] for action in set(ACTIONS) - _AT_A_COPY)


def role_names(actor: Actor) -> str:
    """The roles of a person; who has others is not named a viewer too."""
    named = [ROLE_NAMES[role] for role in ROLES if role in actor.roles - {"viewer"}]
    return "、".join(named) or ROLE_NAMES["viewer"]


LOCAL_ADMINISTRATOR = Actor("本机管理员", origin="本机")
READER = Actor("访客", frozenset({"viewer"}), sees_names=False)


def require(actor: Actor, action: Action, scope: Scope | str) -> None:
    """Let the actor pass or raise NotPermitted with the sentence that says why and whom to ask."""
    asked = scope if isinstance(scope, Scope) else Scope(scope)
    if not actor.name.strip():
        raise NotPermitted("请先填写姓名：没有登录的，由谁登记须写明。")
    if actor.may(action, asked):
        return
    if actor.looks_at_a_draft:
        raise NotPermitted(f"正在以草稿查看，此时不能{ACTION_NAMES[action]}；请先退出草稿。")
    if actor.reads_a_copy and actor.roles & MAY[action]:
        raise NotPermitted(f"这里只供查看，不能{ACTION_NAMES[action]}；请点左侧“转到办理页面”。")
    if actor.roles <= {"viewer"} and not actor.person_id:
        raise NotPermitted(f"当前为只读访问，不能{ACTION_NAMES[action]}（{asked.name}）；需要办理的，请登录后操作。")
    if actor.may(action):
        raise NotPermitted(
            f"{asked.name}不在您负责的范围内，不能{ACTION_NAMES[action]}；确需办理的，请联系系统管理员。"
        )
    raise NotPermitted(f"您的岗位是{role_names(actor)}，不能{ACTION_NAMES[action]}；确需办理的，请联系系统管理员。")
