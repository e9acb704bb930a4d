"""Codes: compared as text, one look-up a digit, choices and short numbers in one."""

from __future__ import annotations

from hypothesis import given, strategies as st
from tests.ivr.paper import menu, to

from callcenter.ivr.matcher import MATCHERS_KEPT, Matcher, Matchers, ShortNumbers, is_digit

codes = st.text("0128#", min_size=1, max_size=4)


@given(st.frozensets(codes, max_size=6), st.frozensets(codes, max_size=8), st.frozensets(codes, max_size=4), codes)
def test_a_matcher_says_what_a_list_of_codes_says(
    choices: frozenset[str], shorts: frozenset[str], exclude: frozenset[str], typed: str
) -> None:
    """Against the plainest reading of the rule: choices, and short numbers that are not excluded."""
    main = menu("m", "w.wav", " ".join(f"{code}=group:1" for code in choices), direct_dial=True, exclude=exclude)
    matcher = Matcher(main, ShortNumbers(shorts))
    known = choices | (shorts - exclude)
    assert set(matcher.targets()) == known
    assert matcher.extends(typed) is any(code.startswith(typed) and code != typed for code in known)
    assert matcher.begins(typed) is any(code.startswith(typed) for code in known)
    assert (matcher.target(typed) is not None) is (typed in known)
    assert matcher.longest == max(map(len, known), default=0)
    if typed in choices:
        assert matcher.target(typed) == to("group:1")
    elif typed in known:
        assert matcher.target(typed) == to(f"extension:{typed}")


def test_each_menu_is_laid_out_once_and_the_memory_is_bounded() -> None:
    """The same menu gives the same matcher; an equal one is another menu."""
    matchers = Matchers({"801", "00"})
    main = menu("m", "w.wav", "1=group:1")
    assert matchers.of(main) is matchers.of(main)
    assert matchers.short_numbers == {"801", "00"}
    for number in range(MATCHERS_KEPT + 5):
        matchers.of(menu(f"m{number}", "w.wav"))
    assert len(matchers._built) <= MATCHERS_KEPT
    assert matchers.of(main).target("1") == to("group:1")


def test_only_twelve_signs_are_digits() -> None:
    """0-9, * and #."""
    assert [sign for sign in map(chr, range(0x3000)) if is_digit(sign)] == list("#*0123456789")
