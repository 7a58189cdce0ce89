"""The one-page 简报 as PDF: what it says of a county, a department, a township, a school, and the page itself."""
