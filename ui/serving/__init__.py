"""The server around the pages: who may connect, what a browser may send, what it may load, and whether all is well."""
