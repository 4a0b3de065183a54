"""Who hands over, over REST."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from tests.domain.test_brand import SVG


def test_who_hands_over_is_kept(client: Any) -> None:
    assert client.get("/brand").json() == {"firm": "", "line": "", "logo": None, "paper": None}
    logo = b64encode(SVG).decode()
    assert client.put("/brand", json={"firm": "Harbour", "logo": logo}).json()["logo"] == "svg"
    after = client.put("/brand", json={"line": "12 Quay"})
    assert after.json() == {"firm": "Harbour", "line": "12 Quay", "logo": "svg", "paper": None}
    assert [client.put("/brand", json={"paper": size}).json()["paper"] for size in ("a4", None, "")] == [
        "a4",
        "a4",
        None,
    ]
    assert client.put("/brand", json={"paper": "a5"}).status_code == 422
    assert client.put("/brand", json={"logo": "%"}).status_code == 400
    assert client.put("/brand", json={"logo": b64encode(b"GIF").decode()}).status_code == 422
