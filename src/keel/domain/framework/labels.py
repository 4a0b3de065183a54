"""What a bucket's name says of its contents: words in four languages, whatever their case, endings and order.

A name is cut into words, each reduced to a stem, and read from the left, the longest phrase that is known first. A word
of no meaning here is passed over; a name of which nothing is known has no guess. "ex" takes the next place out of the
one before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from keel.domain.framework.rules import kind

ENDINGS = ("es", "en", "er", "em", "os", "as", "s", "n", "e", "o", "a")
SHORTEST = 4  # letters that a stem keeps
WHOLE = frozenset({"large", "largo", "larga"})  # one ending makes them another language's opposite
LONGEST = 6  # words of a phrase
PLACES = ("region", "area")
BONDS = "asset_class:bonds"
ALTERNATIVES = "asset_class:alternatives"
VEHICLES = (
    "what:hedge_funds",
    "what:managed_futures",
    "what:private_equity",
    "what:infrastructure",
    "what:private_credit",
)
MOST_LETTERS = 200  # of a name that are read


@dataclass(frozen=True, slots=True)
class Guess:
    """What a name says, as tags; ``assumed`` holds only where nothing above the bucket says otherwise."""

    tags: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tags)


@dataclass(frozen=True, slots=True)
class Words:
    """The word list, by stems: what phrases mean (``alone``: whole names), words that leave out the place after them,
    and the nouns that end a German compound.
    """

    phrases: Mapping[tuple[str, ...], Guess]
    alone: Mapping[tuple[str, ...], Guess]
    fillers: frozenset[tuple[str, ...]]
    without: frozenset[tuple[str, ...]]
    heads: tuple[str, ...]
    _guesses: dict[str, Guess] = field(default_factory=dict, repr=False, compare=False)

    def guess(self, label: str) -> Guess:
        """What a name says of its contents, nothing when no word of it is known or when it names two asset classes."""
        if label not in self._guesses:
            self._guesses[label] = _guess(label, self)
        return self._guesses[label]


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """A word without accents and without the endings of number, gender and case; at least four letters stay.

    >>> stem("Aktien"), stem("émergentes"), stem("Equities"), stem("bonds"), stem("US")
    ('akti', 'emergent', 'equiti', 'bond', 'us')
    """
    bare = unaccented(word)
    if len(bare) > SHORTEST and bare.endswith("y"):
        return bare[:-1] + "i"
    if len(bare) == SHORTEST and bare.endswith("s"):
        return bare[:-1]
    if bare in WHOLE:
        return bare
    ending = next((e for e in ENDINGS if bare.endswith(e) and len(bare) - len(e) >= SHORTEST), "")
    return stem(bare[: -len(ending)]) if ending else bare


def unaccented(text: str) -> str:
    """Lower case without accents; an umlaut becomes its vowel, however it is written.

    >>> unaccented("Märkte"), unaccented("Maerkte"), unaccented("Größe"), unaccented("Émergents")
    ('markte', 'markte', 'grosse', 'emergents')
    """
    apart = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return re.sub("([aou])e", r"\1", bare)


def tokens(label: str) -> tuple[str, ...]:
    """The words of a name in the order they stand in, accents and all.

    >>> tokens("U.S. large-cap (ex-Tech)"), tokens("SmallCapValue")
    (('U', 'S', 'large', 'cap', 'ex', 'Tech'), ('Small', 'Cap', 'Value'))
    >>> tokens("S&P 500"), tokens("Obligations d'État")
    (('S', 'and', 'P', '500'), ('Obligations', 'd', 'État'))
    """
    cut = label[:MOST_LETTERS].replace("&", " and ").replace("iShares", "ishares").replace("REITs", "Reits")
    parted = re.sub("(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ][a-zß-ÿ]{2})", " ", cut)
    return tuple(re.findall(r"[^\W_]+", parted))


def _guess(label: str, words: Words) -> Guess:
    stems = _stems(label, words)
    whole = words.alone.get(tuple(stems))
    if whole is not None:
        return whole
    said = _Said()
    for phrase in _phrases(stems, words):
        said = _heard(said, phrase, words)
    spoken = _with_years(said, label)
    return _whole(Guess(_of_one_class(spoken.tags), spoken.assumed))


def _of_one_class(tags: tuple[str, ...]) -> tuple[str, ...]:
    """The tags of one asset class, none when two are named: a hedge fund that buys shares is a hedge fund."""
    classes = [tag for tag in tags if kind(tag) == "asset_class"]
    if len(classes) < 2:
        return tags
    if len(classes) == 2 and ALTERNATIVES in classes and any(tag in VEHICLES for tag in tags):
        return tuple(tag for tag in tags if kind(tag) != "asset_class" or tag == ALTERNATIVES)
    return ()


@dataclass(frozen=True, slots=True)
class _Said:
    """What was read so far, and whether the next place is left out."""

    tags: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    leaving: bool = False


def _stems(label: str, words: Words) -> list[str]:
    """The stems of a name's words, a compound as its parts."""
    out: list[str] = []
    for token in tokens(label):
        out.extend(_parts(token, words))
    return out


def _known(stems: tuple[str, ...], words: Words) -> bool:
    return stems in words.phrases or stems in words.fillers or stems in words.without


def _parts(token: str, words: Words) -> Sequence[str]:
    """A word as it stands when it is known, else a compound's first part and its last noun, where that is known."""
    if _known((stem(token),), words):
        return (stem(token),)
    bare = unaccented(token)
    for head in words.heads:
        first = bare.removesuffix(head)
        if first == bare or len(first) < 2:
            continue
        for link in ("", "s", "n", "en", "er"):
            start = first.removesuffix(link) if link else first
            if len(start) >= 2 and _known((stem(start),), words):
                return (stem(start), stem(head))
    return (stem(token),)


def _phrases(stems: Sequence[str], words: Words) -> Iterator[tuple[str, ...]]:
    """The phrases of a name, the longest at each place; a word that is not known is passed over."""
    at = 0
    while at < len(stems):
        for length in range(min(LONGEST, len(stems) - at), 0, -1):
            phrase = tuple(stems[at : at + length])
            if phrase in words.phrases or (length == 1 and phrase in words.without):
                yield phrase
                at += length
                break
        else:
            at += 1


def _heard(said: _Said, phrase: tuple[str, ...], words: Words) -> _Said:
    if phrase in words.without:
        return replace(said, leaving=True)
    guess = words.phrases[phrase]
    if said.leaving and any(kind(tag) in PLACES for tag in guess.tags):
        return _left_out(said, guess)
    kinds = {kind(tag) for tag in guess.tags if kind(tag) != "asset_class"}
    if "region" in kinds:
        kinds |= {"region"} if _same_region(said.tags, guess.tags) else set(PLACES)
    rest = tuple(tag for tag in said.tags if kind(tag) not in kinds or tag in _kept(said.tags, guess.tags))
    new = tuple(tag for tag in guess.tags if not _wider(tag, said.tags))
    return _Said(tuple(dict.fromkeys((*rest, *new))), tuple(dict.fromkeys((*said.assumed, *guess.assumed))))


def _kept(said: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """Places said before that a wider one after them does not replace: "US equity, global" stays in the US."""
    if "region:global" in new and any(kind(tag) in PLACES for tag in said):
        return frozenset(tag for tag in said if kind(tag) in PLACES)
    return frozenset()


def _wider(tag: str, said: Sequence[str]) -> bool:
    return tag == "region:global" and any(kind(other) in PLACES for other in said)


def _same_region(said: Sequence[str], new: Sequence[str]) -> bool:
    """Whether new words name the region that was said, and no other part of it: an emerging Asia stays Asia."""
    regions = [tag for tag in new if kind(tag) == "region"]
    return not any(kind(tag) == "area" for tag in new) and all(tag in said for tag in regions)


def _left_out(said: _Said, guess: Guess) -> _Said:
    """A place without another: the world without the US is abroad, any other is a place of its own."""
    regions = [tag for tag in said.tags if kind(tag) == "region"]
    other = next((tag for tag in guess.tags if kind(tag) == "area"), "") or guess.tags[0]
    rest = tuple(tag for tag in said.tags if kind(tag) not in PLACES)
    if other == "region:us":
        return _Said((*rest, "region:international"), (*said.assumed, *guess.assumed))
    place = next((tag for tag in said.tags if kind(tag) == "area"), "") or next(iter(regions), "region:global")
    name = f"area:{place.partition(':')[2]}_ex_{other.partition(':')[2]}"
    return _Said((*rest, *(regions or ["region:global"]), name), (*said.assumed, *guess.assumed))


def _with_years(said: _Said, label: str) -> _Said:
    """The term that years name: "1-3y" is short, "7-10" intermediate, "20+" long; nothing beside words for it."""
    if any(kind(tag) == "term" for tag in said.tags) or (said.tags and BONDS not in said.tags):
        return said
    years = re.search(r"(?<!\d)(\d{1,2})\s*(?:[-–/]|to|bis|à|a)\s*(\d{1,2})\s*(?:[yja]|$|\W)", label.casefold())
    more = re.search(r"(?<!\d)(\d{1,2})\s*(?:\+|plus)", label)
    single = re.search(r"(?<!\d)(\d{1,2})[\s-]*(?:y|j|a)", label.casefold())
    last = int(years[2]) if years else 30 if more else int(single[1]) if single else 0
    if not last:
        return said
    term = "ultra_short" if last <= 1 else "short" if last <= 5 else "intermediate" if last <= 10 else "long"
    return replace(said, tags=(*said.tags, f"term:{term}"))


def _whole(guess: Guess) -> Guess:
    """A guess in which what is said outright takes the place of what is assumed."""
    said = {kind(tag) for tag in guess.tags}
    assumed = sorted((tag for tag in guess.assumed if kind(tag) not in said), key=lambda tag: tag != ALTERNATIVES)
    return replace(guess, assumed=tuple(assumed[:1]))
