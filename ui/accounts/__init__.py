"""Logging in: Django with django-allauth keeps passwords and sessions in a file beside the store, by account; no rights.

Only a server of the network loads any of it (`python3 run.py --lan`). Who a person is and may do stands in the store
(`core/people`) and is looked up there at every run.
"""
