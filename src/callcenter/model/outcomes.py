"""How things end and what state they are in: the small vocabularies of facts, reports and the engine's tables."""

from __future__ import annotations

from callcenter.model.words import Word


class AlertKind(Word):
    """What people hear of a balance that crosses a mark."""

    LOW_BALANCE = "low_balance"
    EXHAUSTED = "exhausted"
    RESTORED = "restored"


class RejectReason(Word):
    """Why a call was refused before the answer, in the order of K1."""

    UNKNOWN_NUMBER = "unknown_number"
    CENTER_SUSPENDED = "center_suspended"
    CENTER_LOCKED = "center_locked"
    CENTER_FROZEN = "center_frozen"
    CENTER_CLOSED = "center_closed"
    RESELLER_SUSPENDED = "reseller_suspended"
    RESELLER_CANCELLED = "reseller_cancelled"
    BLACKLISTED = "blacklisted"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    OVER_CAP = "over_cap"


class DigitsOutcome(Word):
    """What a decision of the IVR made of the digits."""

    MATCH = "match"
    NOMATCH = "nomatch"
    NOINPUT = "noinput"
    UNASSIGNED = "unassigned"
    UNAVAILABLE = "unavailable"


class IvrEndReason(Word):
    """How a caller left the IVR."""

    ROUTED = "routed"
    EXHAUSTED = "exhausted"
    LOOP_GUARD = "loop_guard"
    LAST_RESORT = "last_resort"
    HUNG_UP = "hung_up"


class OfferOutcome(Word):
    """How an offer ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    CANCELLED = "cancelled"


class LeftReason(Word):
    """Why a caller left a group without an answer."""

    ABANDONED = "abandoned"
    TIMEOUT = "timeout"
    FULL = "full"
    EMPTY = "empty"
    CLOSED = "closed"
    EXIT_KEY = "exit_key"
    INSUFFICIENT_BALANCE = "insufficient_balance"


class CallOutcome(Word):
    """What became of a call as a whole."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    IVR_ABANDONED = "ivr_abandoned"
    IVR_ENDED = "ivr_ended"
    UNANSWERED = "unanswered"
    VOICEMAIL = "voicemail"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    REJECTED = "rejected"
    FAILED = "failed"


class AgentPhase(Word):
    """State of an agent."""

    LOGGED_OUT = "logged_out"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    BLOCKED = "blocked"
