"""The platform as a web application: `python3 run.py`, `streamlit run app.py` and `uvicorn app:app` all serve `app`."""

from pathlib import Path

import streamlit as st

from ui.serving.application import lifespan, middleware, refuse_open_address, routes

refuse_open_address()

app = st.App(Path(__file__).parent / "ui" / "shell.py", lifespan=lifespan, routes=routes(), middleware=middleware())
