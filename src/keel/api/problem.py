"""Errors as RFC 9457 problem+json: one table from error class to HTTP status."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from keel import errors
from keel.api.answer import NotFiniteError
from keel.domain.issue import rows

STATUS: Mapping[type[errors.KeelError], int] = {
    errors.KeelError: 500,
    errors.InputError: 422,
    errors.InvalidFrameworkError: 422,
    errors.InvalidPolicyError: 422,
    errors.ImportFormatError: 400,
    errors.AmbiguousDatesError: 400,
    errors.LockedHoldingError: 409,
    errors.NotFoundError: 404,
    errors.FrameworkNotFoundError: 404,
    errors.PortfolioNotFoundError: 404,
    errors.InstrumentNotFoundError: 404,
    errors.RunNotFoundError: 404,
    errors.PolicyNotFoundError: 404,
    errors.BenchmarkNotFoundError: 404,
    errors.TemplateNotFoundError: 404,
    errors.JobNotFoundError: 404,
    errors.PlanNotFoundError: 404,
    errors.ProfileNotFoundError: 404,
    errors.WorkflowNotFoundError: 404,
    errors.AlertNotFoundError: 404,
    errors.ImportNotFoundError: 404,
    errors.TokenNotFoundError: 404,
    errors.LinkNotFoundError: 404,
    errors.AccessError: 403,
    errors.NotSignedInError: 401,
    errors.ForbiddenError: 403,
    errors.TooLargeError: 413,
    errors.TooManyRequestsError: 429,
    errors.MarketDataError: 422,
    errors.PricesMissingError: 422,
    errors.PricesStaleError: 422,
    errors.HistoryTooShortError: 422,
    errors.SourceUnavailableError: 503,
    errors.GeneratorError: 503,
    errors.NotSentError: 503,
    errors.BacktestError: 422,
    errors.PortfolioDepletedError: 422,
    errors.AuditError: 503,
    errors.StoreError: 500,
    errors.StoreLockedError: 503,
    errors.StoreOutdatedError: 503,
    errors.UnderWayError: 409,
    errors.EditConflictError: 409,
}

log = logging.getLogger("keel.api")

TYPE = "urn:keel:problem:"
EXTENSIONS = ("row", "column", "current")


def problem(status: int, kind: str, title: str, detail: str, **extra: object) -> JSONResponse:
    """A problem document; members without a value are left out."""
    body = {"type": TYPE + kind, "title": title, "status": status, "detail": detail}
    body |= {key: value for key, value in extra.items() if value not in (None, "", [])}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def from_error(error: errors.KeelError) -> JSONResponse:
    """The problem an error becomes: its class names the type, its message the detail."""
    name = type(error).__name__.removesuffix("Error")
    found = getattr(error, "issues", ())
    issues = [{"code": f.code, "severity": f.severity, **row} for f, row in zip(found, rows(found), strict=True)]
    extra = {key: getattr(error, key, None) for key in EXTENSIONS}
    title = (type(error).__doc__ or name).split(";")[0].split("\n")[0].rstrip(".")
    answer = problem(
        STATUS[type(error)], name, title, error.message, hint=error.hint, subject=error.subject, issues=issues, **extra
    )
    answer.headers.update(_headers(error))
    return answer


def _headers(error: errors.KeelError) -> dict[str, str]:
    """What goes with an error that says how to be let in, or when to come again."""
    if isinstance(error, errors.TooManyRequestsError):
        return {"Retry-After": str(error.wait)}
    if isinstance(error, errors.TooLargeError):
        return {"Connection": "close"}  # what is still to come is not read
    if isinstance(error, errors.NotSignedInError):
        return {"WWW-Authenticate": 'Bearer realm="keel"' + (', error="invalid_token"' if error.subject else "")}
    if isinstance(error, errors.AccessError):
        return {"WWW-Authenticate": 'Bearer realm="keel", error="insufficient_scope"'}
    return {}


def install(api: FastAPI) -> None:
    """Answer every failure of the app with a problem document, never with a traceback."""
    api.add_exception_handler(errors.KeelError, _on_keel_error)
    api.add_exception_handler(RequestValidationError, _on_invalid_request)
    api.add_exception_handler(HTTPException, _on_http_error)
    api.add_exception_handler(NotFiniteError, _on_not_finite)
    api.add_exception_handler(Exception, _on_bug)


def _on_keel_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, errors.KeelError):
        raise error
    return from_error(error)


def _on_invalid_request(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    places = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
    return problem(422, "InvalidRequest", "The request cannot be read", "; ".join(places))


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    answer = problem(error.status_code, "Http", str(error.detail), str(error.detail))
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _methods(request: Request) -> list[str]:
    """What the document says may be asked of the address; its own address may be read."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    paths = request.app.openapi()["paths"]
    known = [methods for address, methods in paths.items() if compile_path(address)[0].match(path)]
    return sorted({method.upper() for methods in known for method in methods} or {"GET", "HEAD"})


def _on_not_finite(_request: Request, error: Exception) -> JSONResponse:
    log.error("an answer was not sent", exc_info=error)
    sentence = (
        "The answer holds a number that is not finite, which is a mistake of Keel. The server's log has the details."
    )
    return problem(500, "NotFinite", "Keel hit an internal problem", sentence)


def _on_bug(_request: Request, _error: Exception) -> JSONResponse:
    return problem(500, "Internal", "Keel hit an internal problem", "The server's log has the details.")
