"""The currencies in use (ISO 4217, without metals and test codes)."""

from __future__ import annotations

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF
    CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS
    VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""

CURRENCIES = frozenset(_CODES.split())


def is_pair(symbol: str) -> bool:
    """Whether a symbol is an exchange rate, the price of its first currency in its second.

    >>> is_pair("EURUSD"), is_pair("EURO")
    (True, False)
    """
    return len(symbol) == 6 and {symbol[:3], symbol[3:]} <= CURRENCIES


def inverse_of(pair: str) -> str:
    """The same exchange rate the other way round.

    >>> inverse_of("EURUSD")
    'USDEUR'
    """
    return pair[3:] + pair[:3]
