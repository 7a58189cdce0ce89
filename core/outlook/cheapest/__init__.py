"""The cheapest plan with which every school row and every coefficient passes, and what a smaller budget buys."""
