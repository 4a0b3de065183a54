"""A stand-in for Yahoo that the unpatched library talks to: an HTTPS proxy here, with a certificate of its own.

An answer is (status, content type, body); status 0 hangs up without one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import json
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = tuple[int, str, bytes]
Reply = Callable[[str, str, Mapping[str, str]], Answer]
HOSTS = (
    "fc.yahoo.com", "query1.finance.yahoo.com", "query2.finance.yahoo.com", "finance.yahoo.com", "guce.yahoo.com",
)  # fmt: skip
HERE = "localhost,127.0.0.1"  # reached without the proxy
OPEN = 14 * 3600 + 1800  # s of the day, UTC
HOURS = 23_400  # s a session lasts


def certificate(folder: Path) -> tuple[Path, Path]:
    """The file that vouches for the stand-in, and the one with its key."""
    now = dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - dt.timedelta(days=1))
    builder = builder.not_valid_after(now + dt.timedelta(days=30))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    public, both = folder / "public.pem", folder / "both.pem"
    text = signed.public_bytes(serialization.Encoding.PEM)
    public.write_bytes(text)
    form = serialization.PrivateFormat.PKCS8
    both.write_bytes(text + key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return public, both


class Server(http.server.ThreadingHTTPServer):
    """The proxy: what decides its answers, its certificate, and what it was asked."""

    daemon_threads = True
    reply: Reply
    context: ssl.SSLContext
    asked: list[str]


class Answerer(http.server.BaseHTTPRequestHandler):
    """One connection: the tunnel, then what is asked through it."""

    protocol_version = "HTTP/1.1"
    server: Server
    host = ""

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def do_CONNECT(self) -> None:
        """Takes the place of the host that is asked for."""
        self.host = self.path.split(":")[0]
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        self.wfile.flush()
        with contextlib.suppress(OSError):  # who hangs up in the middle has no more questions
            tls = self.server.context.wrap_socket(self.connection, server_side=True)
            self.connection, self.rfile, self.wfile = tls, tls.makefile("rb"), tls.makefile("wb")
            self.close_connection = False
            while not self.close_connection:
                self.handle_one_request()

    def do_GET(self) -> None:
        """Answers one question."""
        url = urllib.parse.urlsplit(self.path)
        self.server.asked.append(self.host + self.path)
        status, kind, body = self.server.reply(self.host, url.path, dict(urllib.parse.parse_qsl(url.query)))
        if status == 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.host == "fc.yahoo.com":
            self.send_header("Set-Cookie", "A3=x; Max-Age=31536000; Domain=.yahoo.com; Path=/; Secure")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    do_POST = do_GET


@dataclass(frozen=True)
class Listing:
    """One symbol as Yahoo has it: its days and closes, and what else differs from the usual."""

    days: Sequence[dt.date]
    closes: Sequence[float | None]
    adjusted: Sequence[float | None] = ()
    volume: float = 1000.0
    dividends: Mapping[dt.date, float] = field(default_factory=dict)
    splits: Mapping[dt.date, tuple[int, int]] = field(default_factory=dict)
    currency: str = "USD"
    kind: str = "ETF"
    opened: dt.datetime | None = None  # when a session began that is not over


def weekdays(first: dt.date, count: int) -> list[dt.date]:
    """So many weekdays from ``first`` on."""
    days = (first + dt.timedelta(days=n) for n in range(2 * count + 4))
    return [day for day in days if day.weekday() < 5][:count]


def chart(symbol: str, listing: Listing, query: Mapping[str, str]) -> bytes:
    """The answer to a question for daily bars, from the day that is asked for on."""
    since = int(query.get("period1", "-9999999999"))
    stamps = [int(dt.datetime(d.year, d.month, d.day, tzinfo=dt.UTC).timestamp()) + OPEN for d in listing.days]
    first = next((n for n, at in enumerate(stamps) if at >= since), len(stamps))
    stamp = {day: at for day, at in zip(listing.days, stamps, strict=True) if at >= since}
    dividends = {str(stamp[d]): {"amount": a, "date": stamp[d]} for d, a in listing.dividends.items() if d in stamp}
    splits = {
        str(stamp[d]): {"date": stamp[d], "numerator": n, "denominator": m, "splitRatio": f"{n}:{m}"}
        for d, (n, m) in listing.splits.items()
        if d in stamp
    }
    events = {name: said for name, said in (("dividends", dividends), ("splits", splits)) if said}
    begin = stamps[-1] if listing.opened is None else int(listing.opened.timestamp())
    period = {"timezone": "EST", "start": begin, "end": begin + HOURS, "gmtoffset": -18000}
    meta = {
        "currency": listing.currency, "symbol": symbol, "exchangeName": "PCX", "instrumentType": listing.kind,
        "firstTradeDate": stamps[0], "regularMarketTime": stamps[-1], "gmtoffset": -18000, "timezone": "EST",
        "exchangeTimezoneName": "America/New_York", "regularMarketPrice": listing.closes[-1], "priceHint": 2,
        "dataGranularity": "1d", "range": "", "validRanges": ["1d", "max"], "longName": f"{symbol} Fund",
        "currentTradingPeriod": {name: dict(period) for name in ("pre", "regular", "post")},
    }  # fmt: skip
    closes = list(listing.closes[first:])
    volumes = [listing.volume if close is not None else None for close in closes]
    quote = {"open": closes, "high": closes, "low": closes, "close": closes, "volume": volumes}
    adjusted = list((listing.adjusted or listing.closes)[first:])
    indicators = {"quote": [quote], "adjclose": [{"adjclose": adjusted}]}
    result: dict[str, Any] = {"meta": meta, "timestamp": stamps[first:], "events": events, "indicators": indicators}
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


def missing() -> bytes:
    """The answer about a symbol that Yahoo does not know."""
    error = {"code": "Not Found", "description": "No data found, symbol may be delisted"}
    return json.dumps({"chart": {"result": None, "error": error}}).encode()


def fund(symbol: str) -> bytes:
    """The answer to a question about a fund."""
    result = {
        "quoteType": {"quoteType": "ETF", "symbol": symbol, "longName": f"{symbol} Fund"},
        "summaryProfile": {"longBusinessSummary": "It holds shares."},
        "summaryDetail": {"totalAssets": 5e9, "currency": "USD"},
        "topHoldings": {
            "stockPosition": 0.99,
            "cashPosition": 0.01,
            "sectorWeightings": [{"technology": 0.5}, {"energy": 0.5}],
        },
        "fundProfile": {"categoryName": "Large Blend", "feesExpensesInvestment": {"annualReportExpenseRatio": 0.0009}},
    }
    return json.dumps({"quoteSummary": {"result": [result], "error": None}}).encode()


class Yahoo:
    """What Yahoo lists here; ``environment`` leads the library to it.

    ``odd`` symbols get an answer of their own, addresses with the text ``without`` are not there.
    Until ``hold`` is set nobody gets an answer.
    """

    def __init__(self, server: Server, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.listings: dict[str, Listing] = {}
        self.odd: dict[str, Answer] = {}
        self.without = ""
        self.hold: threading.Event | None = None
        self._server = server
        server.reply = self.reply

    @property
    def asked(self) -> list[str]:
        """The addresses it was asked for, in order."""
        return self._server.asked

    def clear(self) -> None:
        """Forgets its listings and what it was asked."""
        self.listings, self.odd, self.without = {}, {}, ""
        self._server.asked.clear()

    def reply(self, host: str, path: str, query: Mapping[str, str]) -> Answer:
        """The answer to one question."""
        if self.hold is not None:
            self.hold.wait(10)
        symbol = urllib.parse.unquote(path.rsplit("/", 1)[1])
        if path.endswith("/getcrumb"):
            return 200, "text/plain", b"crumb"
        if self.without and self.without in path:
            return 404, "text/plain", b""
        if "/v8/finance/chart/" in path:
            if symbol in self.odd:
                return self.odd[symbol]
            if symbol not in self.listings:
                return 404, "application/json", missing()
            return 200, "application/json", chart(symbol, self.listings[symbol], query)
        if "/v10/finance/quoteSummary/" in path and symbol in self.listings:
            return 200, "application/json", fund(symbol)
        if path.endswith("/v7/finance/quote"):
            listed = [{"symbol": query["symbols"]}] if query.get("symbols") in self.listings else []
            return 200, "application/json", json.dumps({"quoteResponse": {"result": listed, "error": None}}).encode()
        if "/fundamentals-timeseries/" in path:
            return 200, "application/json", b'{"timeseries": {"result": [{"meta": {}}], "error": null}}'
        return 404, "text/plain", b""


@contextlib.contextmanager
def stand_in(folder: Path) -> Iterator[Yahoo]:
    """A Yahoo that answers while the block runs."""
    public, both = certificate(folder)
    server = Server(("127.0.0.1", 0), Answerer)
    server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.context.load_cert_chain(both)
    server.context.set_alpn_protocols(["http/1.1"])
    server.asked = []
    proxy = f"http://127.0.0.1:{server.server_port}"
    ways = {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": HERE, "no_proxy": HERE}
    trust = dict.fromkeys(("CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(public))
    yahoo = Yahoo(server, ways | trust | {"XDG_CACHE_HOME": str(folder)})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield yahoo
    finally:
        server.shutdown()
        server.server_close()
