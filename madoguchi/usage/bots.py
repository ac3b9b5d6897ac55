"""Tells machines from people by what they call themselves.

A short list of words instead of a list of thousands of names; the words are those that most entries of the
COUNTER-Robots list (github.com/atmire/COUNTER-Robots) have in common. A machine that lies is counted.
"""

from functools import lru_cache

WORDS = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "archiver",
    "headless",
    "lighthouse",
    "monitor",
    "preview",
    "scan",
    "fetch",
    "feed",
    "facebookexternalhit",
    "curl/",
    "wget/",
    "python",
    "java/",
    "okhttp",
    "go-http-client",
    "libwww",
    "axios",
    "http-client",
    "httpclient",
)
# Telephones whose name holds one of the words.
PEOPLE = ("cubot",)


# Asked for each look, and most visitors bring one of a few hundred headers.
@lru_cache(maxsize=1024)
def is_bot(user_agent: str) -> bool:
    """Whether the sender of this User-Agent header is a machine; one that sends none is."""
    name = user_agent.lower()
    for person in PEOPLE:
        name = name.replace(person, "")
    return not name.strip() or any(word in name for word in WORDS)
