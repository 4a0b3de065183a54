"""The server: pages and REST in one process. `python app.py`, `streamlit run app.py`, `uvicorn app:app` or AppTest."""

from streamlit import runtime

if runtime.exists():  # Streamlit or AppTest runs this file as the page script
    from keel.ui.frame.shell import main

    main()
else:
    from functools import cache
    from pathlib import Path

    import streamlit as st
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Receive, Scope, Send

    from keel.api.beside import Beside
    from keel.api.guard import Guard
    from keel.ui.frame import login, root, shell, widgets

    login.require_for(str(st.get_option("server.address") or "localhost"))

    @cache
    def rest() -> ASGIApp:
        from keel.api.app import create_api  # with the first request: loading it takes a second

        return create_api(root.opened(), guarded=login.configured())

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        await rest()(scope, receive, send)

    app = st.App(
        Path(shell.__file__),
        middleware=[Middleware(Guard, names=login.hosts()), Middleware(Beside, rest=api)],
        lifespan=root.lifespan,
        on_script_error=widgets.on_script_error,
    )
    if __name__ == "__main__":
        said = "announced" in globals()  # `keel serve` has printed the address
        app.run(config=login.server() | {"server.port": root.port(), "logger.hideWelcomeMessage": said})
