"""The people who work with the platform: who they are, for which units and places, in which roles. Passwords are elsewhere."""
