"""The Streamlit pages: the top floor of the house. Nothing else imports Streamlit, and nothing below imports this."""
