"""The commands of ``keel``: each reads its inputs, calls one function and returns a reply."""
