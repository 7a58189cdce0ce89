"""Official papers in the layout of GB/T 9704: what may stand in one, and its making as Word and as PDF."""
