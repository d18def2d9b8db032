"""Static files and which answers are compressed, from outside."""

import gzip
import re

import pytest

from challenge.http.statics import bundle

STATIC = ["app.css", "tokens.css", "app.js", "mark.svg", "vendor/brand.css", "vendor/inter/inter.woff2"]


def raw(world, path, **headers):
    """The bytes as they are sent: the client must not unpack them."""
    with world.client().stream("GET", path, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("name", STATIC)
def test_an_address_with_the_hash_may_be_kept_for_ever(world, name):
    answer = world.client().get(f"/static/{bundle().digest}/{name}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.content == bundle().files[name].plain


@pytest.mark.parametrize("prefix", ["", "0123456789ab/"])
def test_an_address_without_it_or_of_another_version_is_checked_each_time(world, prefix):
    client = world.client()
    first = client.get(f"/static/{prefix}app.css")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(f"/static/{prefix}app.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(f"/static/{prefix}app.css", headers={"if-none-match": '"old"'}).status_code == 200


def test_text_is_sent_compressed_to_who_can_read_it(world):
    plain, text = raw(world, "/static/app.css", **{"accept-encoding": "identity"})
    packed, body = raw(world, "/static/app.css", **{"accept-encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == text
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0"])
def test_nothing_is_compressed_for_who_cannot(world, accepts):
    assert "content-encoding" not in raw(world, "/static/app.css", **{"accept-encoding": accepts})[0].headers


def test_a_font_is_compressed_already(world):
    answer, _body = raw(world, "/static/vendor/inter/inter.woff2", **{"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["nowhere.css", "../app.py", "%2e%2e/app.py", "brand.scss", "vendor/vendor.lock", ""])
def test_what_is_not_served_is_missing_and_not_kept(world, path):
    answer = world.client().get(f"/static/{bundle().digest}/{path}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_a_static_file_is_only_read(world):
    assert world.client().head("/static/app.css").status_code == 200
    assert world.client().head("/static/app.css").content == b""
    assert world.client().post("/static/app.css").status_code == 405


def test_pages_and_modules_name_nothing_but_hashed_addresses(world):
    page = world.client().get("/nowhere").text
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(found) >= 7
    assert all(address.startswith(f"/static/{bundle().digest}/") for address in found)
    for name, file in bundle().files.items():
        if name.endswith((".js", ".mjs")):
            assert b"from '/static" not in file.plain
            assert b"import('/static" not in file.plain
    assert b"url(/static" not in bundle().files["vendor/brand.css"].plain
