"""What Streamlit has no element for, as HTML: tables that become rows on a phone, bars, the words inside them."""
