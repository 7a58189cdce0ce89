"""The plan itself: what it lays down, how it is changed, the lists beside it, where the county stands."""
