"""Supervision between the field and the meeting: visits to schools, letters to units and schools, what is due to be sent."""
