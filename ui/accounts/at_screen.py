"""Who is logged in, on every page: the name, the way out, and the sentence when the login is over."""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import quote, urlencode

import streamlit as st

from core.access import Actor, role_names
from ui.accounts.addresses import MAIN_DESK, MOUNT, base_path
from ui.accounts.home import home_of
from ui.labels import plain


def person_at_screen(actor: Actor) -> None:
    """The name and the roles, with the ways to another password and out; for a reader the way in."""
    with st.sidebar:
        if not actor.person_id:
            st.markdown(f"未登录，只读访问　[登录]({base_path()}{MOUNT}/login/)")
            return
        elsewhere = f"  \n这里只供查看　[转到办理页面]({base_path()}{MAIN_DESK}?next={_this_page()})"
        st.markdown(
            f"**{plain(actor.name)}**　:gray[{plain(role_names(actor))}]  \n"
            f"[我的工作]({home_of(actor)})　[修改密码]({base_path()}{MOUNT}/password/)　[退出登录]({base_path()}{MOUNT}/logout/)"
            + (elsewhere if actor.has_more_elsewhere else "")
        )


def say_login_is_over(sentence: str) -> NoReturn:
    """Nothing but the sentence and the way back to just this page."""
    st.warning(sentence)
    st.markdown(f"[重新登录]({base_path()}{MOUNT}/login/?next={_this_page()})")
    st.stop()


def _this_page() -> str:
    """The page that is open, with its choices, as a part of another address."""
    back = st.context.url or base_path() + "/"
    path = "/" + back.split("/", 3)[3] if back.count("/") > 2 else "/"
    asked = urlencode(st.query_params.to_dict())
    return quote(path + (f"?{asked}" if asked else ""), safe="")
