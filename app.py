"""Entry of the Streamlit app: `streamlit run` imports it for the server, and runs it for each look at a page."""

from starlette.middleware import Middleware
from streamlit.starlette import App

if __name__ == "__main__":
    from assistant.ui.navigation import draw

    draw()
else:
    from assistant.ui.serving import FirstPage, lifespan

    app = App(__file__, lifespan=lifespan, middleware=[Middleware(FirstPage)])
