"""The outermost layer, from outside."""

import pytest

from challenge.http.security import CSP
from challenge.http.visit import FORM_BYTES

PATHS = ["/", "/nowhere", "/api/v1/nowhere", "/static/app.css", "/static/nowhere.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(world, path):
    headers = world.client().get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "max-age=31536000" in headers["strict-transport-security"]


@pytest.mark.parametrize(("name", "path"), [("nobody", "/"), ("mari", "/account"), ("mari", "/api/v1/submissions")])
def test_what_people_see_is_kept_nowhere_and_given_to_no_other_site(world, name, path):
    answer = world.client(name).get(path, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert [header for header in answer.headers if header.startswith("access-control-")] == []


@pytest.mark.abuse(22)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "evil.example:8000"])
def test_another_host_is_refused_with_the_headers(world, host):
    answer = world.client().get("/", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-security-policy"] == CSP


FOREIGN = [
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.abuse(14)
def test_a_post_from_another_site_is_refused(world, headers):
    assert world.client("mari").post("/sign-out", headers=headers).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8001", None])
@pytest.mark.abuse(14)
def test_without_fetch_metadata_the_origin_decides(world, origin):
    from starlette.testclient import TestClient  # noqa: PLC0415 -- without our client's own headers

    raw = TestClient(world.app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    headers = {"cookie": "__Host-sid=x"} | ({"origin": origin} if origin else {})
    assert raw.post("/sign-out", headers=headers).status_code == 403


@pytest.mark.abuse(30)
def test_a_body_over_the_cap_is_refused_by_its_length_and_while_it_is_read(world):
    client = world.client()
    assert client.post("/sign-in", content=b"x" * (FORM_BYTES + 1)).status_code == 413

    def endless():
        for _chunk in range(100):
            yield b"x" * 8192

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post("/sign-in", content=endless(), headers=kind)
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"] == CSP


def test_a_problem_is_a_page_for_people_and_json_for_programs(world):
    page, data = world.client().get("/nowhere"), world.client().get("/api/v1/nowhere")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (data.status_code, data.headers["content-type"]) == (404, "application/problem+json")
    assert data.json()["code"] == "missing"
    assert data.json()["title"] in page.text


@pytest.mark.parametrize(("language", "word"), [("et", "html"), ("en", "There is no such page")])
def test_a_problem_is_said_in_the_readers_language(world, language, word):
    answer = world.client().get("/nowhere", headers={"accept-language": language})
    assert answer.headers["content-language"] == language
    assert word in answer.text


def test_a_crash_says_so_and_tells_nothing(world, caplog):
    app = world.app.app

    @app.get("/crash")
    def crash():
        raise RuntimeError("secret detail")

    crash.access = "public"
    client = world.client()
    client._transport.raise_server_exceptions = False
    answer = client.get("/crash")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    (logged,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert logged.getMessage() == "crash at GET /crash"
    assert "secret detail" in str(logged.exc_info[1])  # there, and only there
    assert answer.headers["content-security-policy"] == CSP
