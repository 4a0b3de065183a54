"""Who is signed in, by Streamlit's own login; where none is set up there is the one user of this machine."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from urllib.parse import urlsplit

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

from keel import settings
from keel.errors import InputError, NotSignedInError
from keel.ui.frame import widgets
from keel.vocabulary import LOCAL

UNUSABLE = 2  # exit code
PREFIX = "usr_"


@cache
def configured() -> bool:
    """Whether ``[auth]`` stands in Streamlit's secrets: then nobody sees anything without a login."""
    return bool(get_secrets_auth_section())


def hosts() -> frozenset[str]:
    """The name that the server answers to beside those of its own machine: that of the login's ``redirect_uri``."""
    name = urlsplit(str(get_secrets_auth_section().get("redirect_uri", ""))).hostname if configured() else None
    return frozenset({name}) if name else frozenset()


def require_for(address: str) -> None:
    """Ends the process with one sentence where it would serve beyond this machine and nobody has to log in."""
    try:
        settings.require_login(address, configured())
    except InputError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        sys.exit(UNUSABLE)


def server() -> dict[str, object]:
    """Where the server listens and under which names, as its options; ends the process where it may not."""
    require_for(settings.host())
    return {
        "server.address": settings.host(),
        "server.allowedHosts": [*st.get_option("server.allowedHosts"), *hosts()],
    }


def is_missing() -> bool:
    """Whether somebody has to sign in first."""
    return configured() and not st.user.get("is_logged_in", False)


def owner() -> str:
    """Whose everything is that this session sees. Raises NotSignedInError where nobody is known."""
    if not configured():
        return LOCAL
    if is_missing():
        raise NotSignedInError("Nobody is signed in.", hint="Sign in first.")
    return owner_id(str(st.user.get("iss", "")), str(st.user.get("sub", "")))


def owner_id(issuer: str, subject: str) -> str:
    """The id of a person whom an issuer knows as a subject; a name or an address may change hands, this does not.

    Raises NotSignedInError where either is missing.

    >>> owner_id("https://login.example", "1") != owner_id("https://login.example", "2")
    True
    """
    if not issuer or not subject:
        raise NotSignedInError("The login does not say who this is.", hint="Its answer needs iss and sub.")
    return PREFIX + sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:24]


def page() -> None:
    """The page of one who is not signed in."""
    widgets.title("Sign in to see your portfolios")
    st.caption("Everything here is kept for each person apart.")
    if widgets.action("Sign in", key="sign-in"):
        st.login()


def signed_in() -> None:
    """Who is signed in, and the way out."""
    if not configured():
        return
    name = st.user.get("name") or st.user.get("email") or "Signed in"
    st.caption(widgets.plain(str(name)))
    if st.button("Sign out", key="sign-out", type="tertiary"):
        st.logout()
