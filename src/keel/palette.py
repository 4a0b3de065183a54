"""Keel's colours on white, as hex: those of the light theme, shared by the pages and by what is printed.

A slot is a bucket's or a policy's colour; the first four stay apart for every kind of sight.
"""

from __future__ import annotations


def _hex(row: str) -> tuple[str, ...]:
    return tuple(f"#{colour}" for colour in row.split())


SLOTS = _hex("0F62A5 B05400 12968F 6B2450 A98D08 8C6DE2 66727E 2F9BD0 8B5638 3A4A8C")
SEQUENTIAL = _hex("D2FDFF 98EBF6 65D6EC 2EBFE1 05A5CF 088BB9 0173A3 045B8C 19446B 1C3049")
DIVERGING = _hex("003E70 1263A6 458ACE 8DB9E6 E3EAF1 F1E7DF E5A37B C66A28 964700 622C00")  # low to high
INK, PAPER = "#0F1922", "#FFFFFF"
QUIET = SLOTS[6]  # what others are compared with, axis text
UNDER, OVER = DIVERGING[2], DIVERGING[7]  # outside the band, below and above the target
