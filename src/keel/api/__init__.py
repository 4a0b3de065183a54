"""REST over the services: ``create_api(db)`` makes the app."""

from keel.api.app import create_api

__all__ = ["create_api"]
