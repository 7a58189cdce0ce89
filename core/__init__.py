"""The subject: rules, store, method, outlook, delivery, wording, reports. It needs no screen."""
