"""The HTML report as a person meets it: in Debian's Chromium, by keyboard, on a phone, on paper."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from canary import canary_report

from tenantproof.reports.table import RENDERERS
from tenantproof.reports.view import View

ROOT = Path(__file__).parents[2]
SAMPLES = ("partner-at-risk", "partner-partial-export", "partner-clean")
CHROMIUM = shutil.which("chromium")
SKIP = "Chromium is not installed here; CI installs it"

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason=SKIP)


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests."""
    assert CHROMIUM, "CI needs Debian's chromium"
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The report on three samples, written by a real process."""
    file = tmp_path_factory.mktemp("html") / "report.html"
    subprocess.run(
        [sys.executable, "-m", "tenantproof", "check", *(f"snapshots/{s}" for s in SAMPLES),
         "--exit-zero", "--output", f"html={file}"],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )
    return file


@pytest.fixture(scope="module")
def canary(tmp_path_factory):
    """The report on hostile names."""
    folder = tmp_path_factory.mktemp("canary")
    file = folder / "report.html"
    pieces = RENDERERS["html"](canary_report(folder / "pack"), View())
    file.write_text("".join(pieces), encoding="utf-8")
    return file


class Watched:
    """A page, with everything that it should not do."""

    def __init__(self, browser, file, **options):
        self.faults = []
        self.page = browser.new_page(**options)
        self.page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self._requested(request.url))
        self.url = file.as_uri()
        self.page.goto(self.url)

    def _requested(self, url):
        if url.partition("#")[0] != self.url:
            self.faults.append(f"request: {url}")

    def shown(self):
        """How many findings are to be seen."""
        return self.page.locator(".finding:visible").count()

    def close(self):
        """End it; nothing unwanted may have happened."""
        self.page.close()
        assert self.faults == []


@pytest.fixture
def opened(browser, sample):
    """The samples' report, opened in a window of a desktop."""
    watched = Watched(browser, sample, viewport={"width": 1280, "height": 900})
    yield watched
    watched.close()


def test_what_failed_comes_first(opened):
    """The first screen has the counters, and why something could not be judged."""
    seen = opened.page.locator("main h2").first.text_content()
    assert seen == "What could not be judged, and why"
    assert opened.page.locator(".finding").first.get_attribute("data-verdict") == "fail"
    box = opened.page.get_by_text("What could not be judged, and why").bounding_box()
    assert box["y"] < 900
    assert "failed" in opened.page.locator(".verdict-line").text_content()


def test_counters_filter_by_keyboard(opened):
    """Tab and space choose a verdict; the number of findings shown is the counter's."""
    counter = opened.page.locator(".counter.unknown")
    number = int(re.match(r"\d+", counter.text_content())[0])
    before = opened.shown()
    counter.focus()
    opened.page.keyboard.press("Space")
    assert (counter.get_attribute("aria-pressed"), opened.shown()) == ("true", number)
    assert opened.page.locator("#shown").text_content().startswith(f"{number} of {before}")
    opened.page.keyboard.press("Space")
    assert opened.shown() == before


def test_search_narrows(opened):
    """Words that are typed have to stand in a finding."""
    opened.page.locator("#search").press_sequentially("gdap-002")
    found = opened.page.locator(".finding:visible")
    assert opened.shown() >= 3
    assert all("GDAP-002" in text for text in found.all_text_contents())
    opened.page.locator("#reset").click()
    assert opened.shown() == opened.page.locator(".finding").count()


@pytest.mark.parametrize("group", ["severity", "family", "requirement", "tenant"])
def test_findings_are_grouped(opened, group):
    """Every grouping shows all findings, the first group first."""
    everything = opened.shown()
    opened.page.locator("#group").select_option("severity")
    opened.page.locator("#group").select_option(group)
    assert opened.shown() == everything
    first = {"severity": "critical"}.get(group)
    heading = opened.page.locator("#groups h2").first.text_content()
    assert first is None or heading == first


def test_a_finding_has_an_address(browser, sample):
    """A permalink leads to its finding."""
    watched = Watched(browser, sample)
    watched.page.goto(f"{sample.as_uri()}#t0-MFA-002")
    assert watched.page.locator(".finding:target").get_attribute("id") == "t0-MFA-002"
    watched.close()


def test_it_reads_without_its_script(browser, sample):
    """Without JavaScript every finding is there, and no tool that would not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample.as_uri())
    assert page.locator(".finding:visible").count() == page.locator(".finding").count() > 0
    assert page.locator(".tools:visible").count() == 0
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_scrolls_sideways_and_everybody_can_read_it(browser, sample, width, scheme):
    """At a phone's and a desktop's width, in both schemes: no sideways scroll, no axe violation."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    watched = Watched(browser, sample, viewport={"width": width, "height": 800},
                      color_scheme=scheme, bypass_csp=True)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    results = axe.Axe().run(watched.page)
    assert results.violations_count == 0, results.generate_report()
    watched.close()


def test_hostile_names_are_only_shown(browser, canary):
    """A name with markup, a script and an escape is text: nothing runs, nothing is asked for."""
    watched = Watched(browser, canary)
    assert watched.page.locator("img").count() == 0
    assert "<img src=x" in watched.page.locator("h2").nth(2).text_content()
    watched.close()


def test_the_policy_of_the_page_forbids_what_is_not_its_own(browser, canary):
    """An element with a script that comes into the page later does not run."""
    page = browser.new_page()
    page.goto(canary.as_uri())
    page.evaluate("""() => {
        const one = document.createElement("script");
        one.textContent = "window.ran = true";
        document.body.appendChild(one);
    }""")
    assert page.evaluate("window.ran") is None
    page.close()


def test_a_thousand_findings_open_quickly_and_print_whole(browser, sample, tmp_path):
    """The page with 1,000 findings is there, and each of them is on paper."""
    text = sample.read_text(encoding="utf-8")
    article = re.search(r'<article id="t0-MFA-002".*?</article>', text, re.DOTALL)[0]
    copies = "".join(article.replace('id="t0-MFA-002"', f'id="copy-{number}"')
                     .replace("MFA-002</a>", f"COPY-{number:04}</a>") for number in range(1000))
    file = tmp_path / "many.html"
    file.write_text(text.replace(article, article + copies), encoding="utf-8")
    watched = Watched(browser, file)
    assert watched.shown() > 1000
    pdf = tmp_path / "many.pdf"
    watched.page.pdf(path=pdf)
    watched.close()
    assert pdf.stat().st_size > 100_000
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
    assert pages > 200
