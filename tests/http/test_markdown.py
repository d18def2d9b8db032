"""Whatever is written with light markup, nothing in it runs, loads or leads where it should not."""

import itertools

import html5lib
import pytest

from challenge.http.templates import TAGS, markdown

CALL = "alert(1)"
ADDRESSES = [
    f"javascript:{CALL}", f"JaVaScRiPt:{CALL}", f"java\tscript:{CALL}", f"java\nscript:{CALL}",
    f"\x01javascript:{CALL}",
    f"javascript&colon;{CALL}", f"&#106;avascript:{CALL}", f"&#x6A;avascript:{CALL}", f"javascript&#58;{CALL}",
    f"vbscript:{CALL}", f"data:text/html,<script>{CALL}</script>", "data:image/svg+xml;base64,PHN2Zz4=",
    "file:///etc/passwd", "blob:https://x", "ftp://x", "tel:112", f"%6aavascript:{CALL}", f" javascript:{CALL}",
    f"jav&#x09;ascript:{CALL}", f"feed:javascript:{CALL}", f"view-source:javascript:{CALL}", "//evil.example",
    "\\\\evil",
]  # fmt: skip
LINKS = ["[a]({0})", "[a](<{0}>)", "![a]({0})", "<{0}>", "[a]: {0}\n\n[a]", '[a]({0} "t")', "[![b](x)]({0})", "{0}"]
HTML = [
    f"<script>{CALL}</script>", f"<SCRIPT SRC=//evil/x.js></SCRIPT>{CALL}", f"<img src=x onerror={CALL}>",
    f"<svg onload={CALL}>", f"<svg><script>{CALL}</script></svg>", f"<math><mtext><img src=x onerror={CALL}></math>",
    f"<iframe srcdoc='<script>{CALL}</script>'>", "<object data=x></object>", "<embed src=x>", "<base href=//evil/>",
    f"<body onload={CALL}>", f"<details open ontoggle={CALL}>x</details>", f"<video><source onerror={CALL}>",
    "<link rel=stylesheet href=//evil/x.css>", "<meta http-equiv=refresh content='0;url=//evil'>",
    "<style>@import '//evil'</style>", "<form action=//evil><input type=submit></form>",
    f"<a href=x onclick={CALL}>x</a>",
    f"<a href='javascript:{CALL}'>x</a>", f"<!--><script>{CALL}</script>-->", f"<![CDATA[<script>{CALL}</script>]]>",
    f"<?x <script>{CALL}</script>?>", f"<noscript><p title='</noscript><script>{CALL}</script>'>",
    f"<textarea><script>{CALL}</script>", f"<title><script>{CALL}</script>", f"<x onpointerover={CALL}>x</x>",
    f"<p style='background:url(javascript:{CALL})'>x</p>", f"<template><script>{CALL}</script></template>",
    f"<marquee onstart={CALL}>x</marquee>", f"<button formaction=javascript:{CALL}>x</button>",
]  # fmt: skip
AROUND = ["{0}", "# {0}", "> {0}", "- {0}", "`a` {0}", "| a |\n|---|\n| {0} |", "**{0}**"]
CORPUS = [link.format(address) for link, address in itertools.product(LINKS, ADDRESSES)]
CORPUS += [around.format(html) for around, html in itertools.product(AROUND, HTML)]
CORPUS += [f"```\n</code>{html}\n```" for html in HTML] + [f"    {html}" for html in HTML]


def test_the_corpus_is_large():
    assert len(CORPUS) == len(set(CORPUS)) > 400


@pytest.mark.parametrize("block", range(8))
@pytest.mark.abuse(18)
def test_nothing_in_the_corpus_survives(block):
    for text in CORPUS[block::8]:
        tree = html5lib.parseFragment(str(markdown(text)), namespaceHTMLElements=False)
        for element in tree.iter():
            if isinstance(element.tag, str) and element.tag != "DOCUMENT_FRAGMENT":
                assert element.tag in TAGS, text
                assert set(element.attrib) <= {"href", "rel", "title"}, text
                href = element.attrib.get("href", "https://")
                assert href.startswith(("http://", "https://", "mailto:")), text  # no own page is in the corpus


def test_honest_markup_stays_and_links_vouch_for_nobody():
    html = str(markdown("**Noise** at [the quay](https://tartu.ee/x?a=1&b=2), see https://tallinn.ee and a@tartu.ee"))
    assert "<strong>Noise</strong>" in html
    assert html.count('rel="noopener nofollow"') == 3
    assert 'href="https://tartu.ee/x?a=1&amp;b=2"' in html
    assert 'href="mailto:a@tartu.ee"' in html


@pytest.mark.parametrize(("address", "stays"), [("/challenges", True), ("//evil.example", False), ("evil", False)])
@pytest.mark.abuse(18)
def test_own_pages_may_be_linked_and_nothing_that_only_looks_so(address, stays):
    assert ("href" in str(markdown(f"[a](<{address}>)"))) is stays


HOSTILE = {
    "addresses": "http://a." * 2_000, "brackets": "![" * 800 + "\n<x>", "one long word": "a" * 3_000,
    "long": "honest words " * 2_000, "stars": "_*" * 1_000, "names": "a.ee " * 2_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_markup_without_end_is_shown_as_it_was_typed(text):
    tree = html5lib.parseFragment(str(markdown(text)), namespaceHTMLElements=False)
    assert {element.tag for element in tree.iter()} <= {"DOCUMENT_FRAGMENT", "p", "br"}
    assert "\n".join(tree.itertext()).replace("\n", "") == text.replace("\n", "")


def test_a_long_honest_text_keeps_its_markup():
    table = "| Work | Month |\n|---|---|\n" + "| *Sensors* at [the quay](https://tartu.ee) | 3.5 |\n" * 60
    html = str(markdown("Residents measure the water every hour, see a@tartu.ee. " * 180 + "\n\n" + table))
    assert (html.count("<tr>"), html.count("<em>"), html.count("mailto:")) == (61, 60, 180)
