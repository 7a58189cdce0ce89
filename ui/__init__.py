"""The screen: labels, layout, drawing. Everything that says `st.` and is no page."""
