"""Who acts, and what they may do. Every write in core names its actor and passes `require`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.errors import NotPermitted

Action = Literal["view", "load", "publish", "report", "supervise", "backup"]


@dataclass(frozen=True)
class Actor:
    """A person at work; `verified` is False until a login vouches for the name.

    Who does not see names is told that somebody did something, and when, not who.
    """

    name: str
    can_write: bool = True
    verified: bool = False
    sees_names: bool = True


LOCAL_ADMINISTRATOR = Actor("本机管理员")
READER = Actor("访客", can_write=False, sees_names=False)


def require(actor: Actor, action: Action, scope: str) -> None:
    """Let the actor pass or raise NotPermitted; `scope` names the county, township or unit concerned."""
    if not actor.name.strip():
        raise NotPermitted("请先填写经办人姓名。")
    if action != "view" and not actor.can_write:
        raise NotPermitted(f"当前为只读访问，不能修改{scope}的数据；需要填报时，请停止平台后不带 --lan 重新启动。")
