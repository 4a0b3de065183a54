"""Proposals on the pages: asked of the rules or of a model, shown with their reasons."""
