"""Entry of the Streamlit app: page settings and navigation, nothing else."""

import streamlit as st

from assistant import texts_nl as nl
from assistant.ui import chat

st.set_page_config(page_title=f"{nl.APP_TITLE} · {nl.APP_NAME}", page_icon="static/icon.svg", layout="wide")
st.navigation([st.Page(chat.render, title=nl.APP_TITLE, url_path="vraag", default=True)], position="hidden").run()
