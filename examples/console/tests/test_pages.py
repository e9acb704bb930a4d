"""Every page for every role, what is foreign looks like what is missing, and no form of another site changes anything."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import httpx
import openpyxl
import pytest
from conftest import NEW, As, Person, Served, enter, stranger, token_of
from webconsole.lists import LISTS

from callcenter.admin import Caller, logins
from callcenter.admin.first_secrets import first_secret
from callcenter.model.times import Instant
from callcenter.ports_people import LogInId, Role

ROLES = ("admin", "west", "east", "books", "4000000001", "audit", "books/CC1003", "books/CC1001")
CENTER = ("", "/menu", "/day", "/wall")


@pytest.mark.parametrize("name", ROLES)
def test_each_role_sees_each_of_its_pages(as_: As, name: str) -> None:
    """What the menu of a role offers can be looked at, in both languages, and no template shows a hole."""
    person = as_(name)
    menu = re.findall(r'<a href="(/lists/\w+)"', person.see("/").text)
    assert menu
    for path in ("/", "/secret", *menu):
        for language in ("en", "zh"):
            answer = person.client.get(path, params={"lang": language})
            assert (answer.status_code, answer.url.path) == (200, path)
            assert "None<" not in answer.text
    person.client.cookies.delete("lang")


def test_a_menu_has_what_the_role_may_see_and_nothing_else(as_: As) -> None:
    for name in ROLES:
        menu = set(re.findall(r'<a href="/lists/(\w+)"', as_(name).see("/").text))
        role = as_(name)
        for each in LISTS:
            answer = role.see(f"/lists/{each}")
            assert (answer.url.path == f"/lists/{each}") == (each in menu)


def test_pages_of_a_center(as_: As) -> None:
    for name in ("admin", "west", "books", "4000000001", "audit"):
        for page in CENTER:
            assert as_(name).see(f"/centers/books{page}").status_code == 200
    assert "<svg" in as_("admin").see("/centers/books/menu").text
    assert 'id="waits"' in as_("admin").see("/centers/books/day").text


@pytest.mark.parametrize("page", CENTER)
def test_foreign_is_missing(as_: As, page: str) -> None:
    """A reseller cannot tell the center of another from one that there is not."""

    def said(center: str) -> tuple[int, str]:
        answer = as_("east").see(f"/centers/{center}{page}")
        return answer.status_code, answer.text.replace(center, "X")

    assert said("books") == said("nope")
    assert said("books")[0] == 404


def test_a_reseller_sees_only_its_own(as_: As) -> None:
    for path in ("/", *(f"/lists/{name}" for name in ("centers", "groups", "agents", "charges", "calls", "logins"))):
        text = as_("east").see(path).text
        assert "books" not in text
        assert "青羊" not in text
    assert "trips" in as_("east").see("/lists/centers").text
    assert as_("east").see("/charges/books/rent:books:2008-12-29").status_code == 404
    assert as_("east").see("/enterprises/books").status_code == 404
    assert as_("east").see("/agents/books/CC1001").status_code == 404
    assert as_("east").see("/lists/charges?center=books").text.count("<tr>") == 2  # the heads, and "nothing is found"


def test_an_agent_sees_its_own_calls_and_a_supervisor_its_groups(as_: As) -> None:
    agent, supervisor = as_("books/CC1001"), as_("books/CC1003")
    own = agent.see("/lists/my_calls").text
    assert "CC1001" in own
    assert not re.search(r"<td[^>]*>CC100[234]</td>", own)
    assert agent.see("/centers/books").status_code == 403
    assert agent.see("/agents/books/CC1001").status_code == 200
    assert agent.see("/agents/books/CC1002").status_code in {403, 404}
    assert 'id="floor"' not in agent.see("/").text
    assert supervisor.see("/").text.count("<tr>") == 3
    assert "CC1002" in supervisor.see("/lists/group_calls?group=2").text
    assert supervisor.see("/lists/group_calls?group=9").status_code == 400
    assert supervisor.see("/agents/books/CC1001").status_code == 200
    assert supervisor.see("/wall").status_code == 200


def test_nobody_comes_in_without_a_log_in(served: Served) -> None:
    with stranger(served) as client:
        for path in ("/", "/lists/charges", "/centers/books", "/export/charges", "/centers/books/wall/stream"):
            assert client.get(path).url.path == "/login"
        wrong = client.post("/login", data={"name": "west", "secret": "not at all this one"})
        assert wrong.status_code == 403
        assert 'role="alert"' in wrong.text
        assert "session" not in client.cookies
        half = client.get("/lists/charges", headers={"hx-request": "true"})
        assert half.headers["hx-redirect"] == "/login"


def test_a_first_secret_is_good_for_its_change_only(served: Served, as_: As) -> None:
    """Somebody who was reset sees one page, whatever is asked for; the old cookie ends with the change."""
    as_("4000000001")
    secret = first_secret(served.house.identity.hasher)
    admin = caller(served, as_("admin"))
    logins.reset(admin, now(served), LogInId("4000000001"), secret)
    with stranger(served) as client:
        client.post("/login", data={"name": "4000000001", "secret": secret.shown})
        assert client.get("/lists/charges").url.path == "/secret"
        assert client.get("/export/charges").url.path == "/secret"
        token, old = token_of(client.get("/secret")), client.cookies["session"]
        given = {"form_token": token, "old": secret.shown, "new": "short", "again": "short"}
        assert client.post("/secret", data=given).status_code == 400
        given |= {"new": f"{NEW}!", "again": f"{NEW}!"}
        assert client.post("/secret", data=given).url.path == "/"
        assert client.cookies["session"] != old
        served.secrets |= {secret.shown, old, token, client.cookies["session"]}
    again = first_secret(served.house.identity.hasher)
    logins.reset(admin, now(served), LogInId("4000000001"), again)
    served.house.secrets["4000000001"] = again.shown
    served.secrets.add(again.shown)
    fresh = enter(served, "4000000001", again.shown)
    as_("4000000001").client.cookies, as_("4000000001").form_token = fresh.client.cookies, fresh.form_token
    fresh.client.close()


def now(served: Served) -> Instant:
    return served.house.clock()


def caller(served: Served, person: Person) -> Caller:
    """Return somebody at the pages as the library knows it."""
    session = person.client.cookies["session"]
    return served.house.console.as_(served.house.identity.authenticate(session, now(served)))


def test_forms_of_another_site_change_nothing(as_: As) -> None:
    admin = as_("admin")
    before = admin.see("/lists/adjustments").text
    for token in ("", "0" * 32, as_("west").form_token):
        answer = admin.client.post(
            "/centers/tea/top_up", data={"form_token": token, "amount": "5", "ref": "forged"}, follow_redirects=False
        )
        assert answer.status_code == 403
        assert (
            admin.client.post("/vips", data={"form_token": token, "group": "tea/1", "number": "1"}).status_code == 403
        )
        assert admin.client.post("/logout", data={"form_token": token}).status_code == 403
    assert admin.see("/lists/adjustments").text.count("<tr>") == before.count("<tr>")
    assert admin.see("/").url.path == "/"


def test_headers_and_cookie(served: Served) -> None:
    with stranger(served, **{"accept-language": "zh-CN"}) as client:
        answer = client.get("/login")
        assert "登录" in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        secret = first_secret(served.house.identity.hasher)
        assert secret.shown not in answer.text
        assert not re.search(r'(src|href)="(https?:)?//', answer.text)
        entered = client.post("/login", data={"name": "nobody", "secret": "x" * 12}, follow_redirects=False)
        assert "set-cookie" not in entered.headers


def test_the_cookie_is_for_no_script(served: Served, as_: As) -> None:
    admin = as_("admin")
    secret = first_secret(served.house.identity.hasher)
    logins.create(caller(served, admin), now(served), "platform", "cookie", Role.PLATFORM, secret)
    served.secrets.add(secret.shown)
    with stranger(served) as client:
        entered = client.post("/login", data={"name": "cookie", "secret": secret.shown}, follow_redirects=False)
        given = entered.headers["set-cookie"].lower()
        assert "httponly" in given
        assert "samesite=strict" in given
        served.secrets.add(client.cookies["session"])


def test_pages_of_a_list(as_: As) -> None:
    """Next and previous go through all rows once; filters stay on the way, and junk is refused with words."""
    admin, path, text = as_("admin"), "/lists/calls?center=books", ""
    seen: list[str] = []
    for _page in range(20):
        text = admin.see(path).text
        seen += re.findall(r"<tr>\n<td.*?</tr>", text, re.DOTALL)
        following = re.search(r'id="next" href="([^"]+)"', text)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
        assert "center=books" in path
    in_all = re.search(r"(\d+) in all", text)
    assert in_all is not None
    total = int(in_all[1])
    assert len(seen) == total > 100
    assert len(set(seen)) == total
    assert admin.see("/lists/calls?page=99999").status_code in {200, 400}
    assert admin.see("/lists/calls?after=junk").status_code == 400
    assert admin.see("/lists/calls?first=2008-13-45").status_code == 400
    only = admin.see("/lists/charges?caller=02855500004").text
    assert "1 in all" in only
    part = admin.client.get("/lists/charges", headers={"hx-request": "true", "hx-target": "list"}).text
    assert "<nav" not in part
    assert "<table" in part


def test_the_language_changes_and_the_question_stays(as_: As) -> None:
    admin = as_("admin")
    text = admin.see("/lists/calls?center=books&caller=0139").text
    other = re.search(r'id="language" href="([^"]+)"', text)
    assert other is not None
    answer = admin.see("/lists/calls" + other[1].replace("&amp;", "&"))
    assert "通话记录明细" in answer.text
    assert 'value="books"' in answer.text
    assert "通话记录明细" in admin.see("/lists/calls").text
    admin.client.cookies.delete("lang")


@pytest.mark.parametrize("name", [name for name, each in LISTS.items() if each.export or each.which])
def test_files_have_the_rows_of_the_list(as_: As, name: str) -> None:
    """CSV and workbook say the same, numbers of phones as text, and no cell can be a formula."""
    admin = as_("admin")
    lines = admin.see(f"/export/{name}?form=csv")
    assert lines.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    rows = list(csv.reader(io.StringIO(lines.content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(admin.see(f"/export/{name}?form=xlsx").content))
    kept = list(book.worksheets[0].iter_rows(values_only=True))
    heads = [str(cell) for cell in rows[0]]
    assert heads in [[str(cell) for cell in row] for row in kept]
    assert len(rows) > 1 or name == "adjustments"  # whether money was paid in by then is another test's
    for row in kept:
        assert not [cell for cell in row if isinstance(cell, str) and cell.startswith("=")]
    if name == "charges":
        callers = [row[heads.index("caller")] for row in kept if len(row) > 2 and row[0] != heads[0]]
        assert "02855500004" in callers


def test_a_charge_is_explained(as_: As) -> None:
    admin = as_("admin")
    link = re.search(r'href="(/charges/[^"]+)"', admin.see("/lists/charges?caller=02855500004").text)
    assert link is not None
    text = admin.see(link[1]).text
    assert 'id="working"' in text
    assert "12.00" in text


def test_money_of_a_reseller_is_its_own(as_: As) -> None:
    """A top-up by a reseller takes from its balance; too much is refused in the ledger's words, twice is once."""
    west = as_("west")
    more = west.do("/centers/tea/top_up", amount="99999", ref="too-much")
    assert "said refused" in more.text
    assert "has not enough" in more.text
    for said in ("paid in", "posted before"):
        assert said in west.do("/centers/tea/top_up", amount="1", ref="west-1", reason="by hand").text
    own = west.see("/resellers/west").text
    assert "499900.00" in own
    assert "by hand" in west.see("/lists/adjustments").text
    assert west.do("/centers/trips/top_up", amount="1", ref="west-2").status_code == 404
    assert (
        "said refused"
        in west.client.post(
            "/centers/tea/top_up",
            data={"form_token": west.form_token, "amount": "rubbish", "ref": "r"},
            headers={"referer": str(west.client.base_url)},
        ).text
    )


def test_the_platform_pays_in_for_a_reseller(as_: As) -> None:
    admin = as_("admin")
    before = admin.see("/resellers/east").text
    assert "30000.00" in before
    assert "50000.00" in admin.do("/resellers/east/top_up", amount="200", ref="platform-1").text
    assert as_("east").do("/resellers/east/top_up", amount="200", ref="platform-2").status_code == 403
    assert 'id="top-up"' not in as_("east").see("/resellers/east").text


def test_a_recording_is_heard_by_who_may_and_noted(as_: As) -> None:
    books = as_("books")
    link = re.search(r'href="(/recordings/[^"]+)"', books.see("/lists/calls?center=books").text)
    assert link is not None
    sound = books.see(link[1])
    assert sound.headers["content-type"] == "audio/wav"
    assert sound.content.startswith(b"RIFF")
    assert "call records: listened to" in books.see("/lists/trail").text
    assert "/recordings/" not in as_("audit").see("/lists/calls?center=books").text
    assert as_("audit").see(link[1]).status_code == 403
    missing = link[1].replace("/books/", "/nope/")
    assert as_("east").see(link[1]).status_code == as_("east").see(missing).status_code == 404


def test_a_refusal_goes_back_to_no_other_site(as_: As) -> None:
    admin = as_("admin")
    given = {"form_token": admin.form_token, "amount": "rubbish", "ref": "r"}
    answer = admin.client.post("/centers/tea/top_up", data=given, headers={"referer": "http://elsewhere.test/x"})
    assert answer.status_code == 400
    assert not answer.history


def test_who_only_looks_has_no_buttons(as_: As) -> None:
    audit = as_("audit")
    assert 'id="top-up"' not in audit.see("/centers/books").text
    assert 'id="add-vip"' not in audit.see("/lists/vips").text
    assert audit.do("/centers/books/top_up", amount="1", ref="audit").status_code == 403


def test_known_callers_come_and_go(as_: As) -> None:
    books = as_("books")
    books.do("/vips", group="books/1", number="02855500077", name="<b>bold</b>", caller_class="honored")
    text = books.see("/lists/vips?number=02855500077").text
    assert "&lt;b&gt;bold" in text
    assert "<b>bold" not in text
    assert "is no VIP any more" in books.do("/vips/remove", group="books/1", number="02855500077").text
    books.do("/blacklists", center="books", number="02855500078")
    assert "02855500078" in books.see("/lists/blacklists").text
    assert "may call again" in books.do("/blacklists/remove", center="books", number="02855500078").text


def test_a_try_out_takes_numbers_and_groups_only(as_: As) -> None:
    """What is typed goes into a scenario: nothing but a number of the telephone may come through."""
    books = as_("books")
    assert books.do("/vips/rehearse", group="books/1", number='1"\n[center.x]').status_code == 400
    for group in ("books/9", "tea/1", "nonsense", ""):
        assert books.do("/vips/rehearse", group=group, number="02855500079").status_code in {404, 422}
    assert 'id="order"' in books.do("/vips/rehearse", group="books/1", number="02855500079").text


def test_agents_and_enterprises_are_edited_by_who_may(as_: As) -> None:
    admin = as_("admin")
    path = "/agents/tea/CC2001"
    assert "supervisor" in admin.do(path, level="supervisor", name="阿明", record="yes").text
    assert "said done" in admin.do(path, level="agent", name="阿明", record="no").text
    assert (
        "said refused"
        in admin.client.post(
            path,
            data={"form_token": admin.form_token, "level": "king"},
            headers={"referer": f"{admin.client.base_url}{path[1:]}"},
        ).text
    )
    assert as_("west").do(path, level="supervisor", name="阿明").status_code == 403
    west = as_("west")
    answer = west.do("/enterprises/tea", city="雅安")
    assert "雅安" in answer.text
    assert as_("east").do("/enterprises/tea", city="X").status_code == 404
    assert "centers.set_note" not in west.see("/lists/trail").text
    assert "雅安" in west.see("/lists/trail").text


def test_a_log_in_is_reset_by_who_stands_above(served: Served, as_: As) -> None:
    answer = as_("admin").do("/logins/reset", login="cookie-not-there")
    assert answer.status_code == 404
    shown = re.search(r'class="secret">([^<]+)<', as_("admin").do("/logins/reset", login="audit").text)
    assert shown is not None
    served.secrets.add(shown[1])
    assert as_("audit").see("/").url.path == "/login"
    fresh = enter(served, "audit", shown[1])
    as_("audit").client.cookies, as_("audit").form_token = fresh.client.cookies, fresh.form_token
    fresh.client.close()


def test_the_wallboard_sends_itself(served: Served, as_: As) -> None:
    """Two events of the morning arrive; a supervisor gets the groups that are its own."""
    for name, path in (("admin", "/centers/books/wall/stream"), ("books/CC1003", "/wall/stream")):
        with as_(name).client.stream("GET", path, params={"speed": 3600}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            lines = events(answer)
            next(lines)
            assert "技术支持" in next(lines)
    foreign = as_("east").see("/centers/books/wall/stream")
    assert foreign.status_code == 404


def events(answer: httpx.Response) -> Iterator[str]:
    return (json.loads(line[5:]) for line in answer.iter_lines() if line.startswith("data:"))


def test_nothing_secret_is_in_a_log(served: Served, as_: As) -> None:
    as_("admin").see("/lists/calls")
    assert any("/lists/calls" in line for line in served.told)
    for line in served.told:
        assert not [secret for secret in served.secrets if secret in line]
