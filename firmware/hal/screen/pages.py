"""What screens show, as content: which words, which keys, what about; never a colour, a size or a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "Called",
    "CounterPage",
    "CounterRow",
    "HallLabels",
    "HallPage",
    "KeySign",
    "KioskKey",
    "KioskPage",
    "Label",
    "Manner",
    "Mood",
    "PadKey",
    "PadPage",
    "Page",
    "Person",
    "Section",
    "ServiceRow",
    "Standard",
    "Tone",
]


class Tone(StrEnum):
    """What a page is about, for colour and sign together; never told by colour alone."""

    CALM = "calm"
    GOOD = "good"
    WAIT = "wait"
    STOP = "stop"


class KeySign(StrEnum):
    """What a key does, for who cannot read its label. In a page's foot it is also the key's place, the same on every page."""

    BACK = "back"
    HOME = "home"
    EARLIER = "earlier"
    LATER = "later"
    LANGUAGE = "language"
    LARGER = "larger"
    SMALLER = "smaller"
    CHAIR = "chair"
    VOICE = "voice"
    HELP = "help"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class KioskKey:
    """One key of the kiosk as its screen shows it; `key` is the name that a press posts.

    One that is not `enabled` looks so, and posts all the same: the kiosk says why. `sign` stands beside the label.
    """

    key: str
    label: str
    note: str = ""
    enabled: bool = True
    chosen: bool = False
    sign: KeySign | None = None


class Manner(StrEnum):
    """For whom a kiosk's page is drawn.

    `LARGE` is for those who see badly or are in no hurry: large type, inks of 7:1. `LOW` keeps every key in the lower
    half, for who sits in a wheelchair. `HEARD` is led by voice and four tactile keys: one choice stands out.
    """

    USUAL = "usual"
    LARGE = "large"
    LOW = "low"
    HEARD = "heard"


@dataclass(frozen=True, slots=True)
class Section:
    """Longer text under a heading, such as what to bring; each line is a paragraph of its own."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KioskPage:
    """A page of the ticket kiosk: a title, one large word (a ticket's number), sentences, text, and keys.

    `keys` are what the page is about; `foot` are the small ones that stand on most pages in the same place (back, page
    on, language, larger): their signs are their places, those without one stand where room is left. `typed` is what stands
    of a code so far, one place for each sign. `code` is drawn as a QR code, `code_note` says what it leads to. `left_s` above 0 are the
    seconds until the page for the next visitor; `at` is the key that the tactile keys stand on.
    """

    title: str
    large: str = ""
    lines: tuple[str, ...] = ()
    keys: tuple[KioskKey, ...] = ()
    tone: Tone = Tone.CALM
    notice: str = ""
    sections: tuple[Section, ...] = ()
    foot: tuple[KioskKey, ...] = ()
    code: str = ""
    code_note: str = ""
    left_s: int = 0
    at: str = ""
    manner: Manner = Manner.USUAL
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands over a column or beside a list, in both languages of a hall's screens."""

    text: str = ""
    english: str = ""


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter in the hall display's table. `fresh` marks the newest call, to be shown large.

    `english` says the status again; rows with the same `zone` stand together under its name; one that is `off` calls
    nobody now, as its status says.
    """

    counter: str
    ticket: str
    status: str
    services: str = ""
    fresh: bool = False
    english: str = ""
    zone: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class ServiceRow:
    prefix: str
    name: str
    waiting: int
    english: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """A call before the newest one, which stands all the same."""

    ticket: str
    counter: str


@dataclass(frozen=True, slots=True)
class HallLabels:
    """What the parts of a hall's page are called; an empty one is left out."""

    calling: Label = Label()
    before: Label = Label()
    counter: Label = Label()
    ticket: Label = Label()
    status: Label = Label()
    waiting: Label = Label()
    missed: Label = Label()


@dataclass(frozen=True, slots=True)
class HallPage:
    """The hall display: the newest call, the table of counters, waiting counts, missed numbers, a notice, the rules.

    `moving` names a call of the last few seconds, which moves; it is empty once the call is older. `listen` stands where
    no call is. An `emergency` covers everything; of the rest then only title and clock are shown.
    """

    title: str
    call: str = ""
    counters: tuple[CounterRow, ...] = ()
    services: tuple[ServiceRow, ...] = ()
    notice: str = ""
    tone: Tone = Tone.CALM
    english: str = ""
    call_english: str = ""
    moving: str = ""
    earlier: tuple[Called, ...] = ()
    listen: Label = Label()
    missed: tuple[str, ...] = ()
    rules: Label = Label()
    clock: str = ""
    date: str = ""
    labels: HallLabels = HallLabels()
    emergency: str = ""
    emergency_note: Label = Label()


class Mood(StrEnum):
    """A face that is drawn; all five alike in size, weight and colour, told apart by their mouths."""

    DELIGHTED = "delighted"
    PLEASED = "pleased"
    CONTENT = "content"
    DISPLEASED = "displeased"
    UPSET = "upset"


@dataclass(frozen=True, slots=True)
class PadKey:
    """One key of a rating pad; `note` is the same in English. Without a label its place is kept, and nothing is there."""

    key: str
    label: str
    note: str = ""
    mood: Mood | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class PadPage:
    """A page of the rating pad: whose counter it is, a sentence, and the faces, or the tags and what is below them.

    `small` is what `large` says, in English. Who stands by sees on no page which face was touched.
    """

    counter: str
    large: str
    small: str = ""
    clerk: str = ""
    faces: tuple[PadKey, ...] = ()
    tags_title: str = ""
    tags_small: str = ""
    tags: tuple[PadKey, ...] = ()
    foot: tuple[PadKey, ...] = ()
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class Person:
    """Who sits at a counter; `photo` is a file, and empty where there is none that can be read."""

    name: str
    number: str = ""
    post: str = ""
    promise: str = ""
    photo: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """What is promised of an item, or of those of a service: rows of what and how much, the most important first.

    Where they have no room together they stand there in turn; `turn` counts on, and means nothing where all have room.
    """

    heading: Label
    rows: tuple[tuple[str, str], ...]
    turn: int = 0


@dataclass(frozen=True, slots=True)
class CounterPage:
    """The display over a counter: its number and function, whom it calls or why it does not, who sits there.

    `moving` names a call of the last few seconds, which moves. An `emergency` covers everything.
    """

    counter: Label
    functions: str
    status: Label
    ticket: str = ""
    lines: tuple[Label, ...] = ()
    person: Person | None = None
    standard: Standard | None = None
    moving: str = ""
    tone: Tone = Tone.CALM
    notice: str = ""
    emergency: str = ""
    emergency_note: Label = Label()


Page = KioskPage | HallPage | PadPage | CounterPage
