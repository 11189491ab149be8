"""The tour that `demo` plays: what is typed, each with a sentence before it."""

from __future__ import annotations

# The seconds to read what came of one line: twelve make two minutes.
SECONDS = 9.0

TOUR = (
    ("An admin starts the first sync: everybody in Connect gets a number.", "/ext-sync"),
    ("An agent asks for a colleague, with a slip of the finger.", "as jane"),
    ("The number, and whether a call would be taken now:", "/ext alba dangelo"),
    ("A whole sentence does as well, in a direct message:", "who is on 7000?"),
    ("Or in a channel, where all can read the answer:", "@bot who is free in claims?"),
    ("Somebody joins Connect. The number comes by itself, and a message to them:", "join Ada Lovelace"),
    ("A caller dials the number in front of the house, and keys 7228:", "call 7228"),
    ("Now a bad day: a list of users comes back with sixty people missing.", "as admin"),
    ("", "leave 60"),
    ("Too many to believe. The sync changes nothing until an admin approves:", "/ext-sync"),
    ("Who asks meanwhile still gets every number:", "/ext jane doe"),
    ("A month passes: holds end, summaries come.", "days 31"),
    ("That was it. help says what else there is.", "/ext help"),
)
