"""For each his own: papers per department, township and school, the county as a picture and on the wall, all in one run."""
