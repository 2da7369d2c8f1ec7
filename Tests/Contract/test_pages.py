"""The pages for people in a real browser: nothing is loaded from elsewhere, nothing is complained about, both themes
can be read, narrow screens need no sideways scrolling, and what can be tried out works.

With CELERITY_SCREENSHOTS set to a folder, pictures of the pages are put there.
"""

import os

from chromium import Browser, Page
from contract import Running

PAGES = ["/", "/docs", "/reference", "/problems", "/problems/unknown-task"]

# The least contrast of a piece of text with what is behind it (WCAG 2.2, 1.4.3), and the text.
CONTRAST = """(() => {
  const numbers = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.unshift(numbers(getComputedStyle(e).backgroundColor));
    return layers.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => c / 255).map(
      (c) => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let worst = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest("script, style, svg, .skip, .hidden, caption")) continue;
    const below = ground(element), top = over(numbers(getComputedStyle(element).color), below);
    const [bright, dim] = [light(top), light(below)].sort((a, b) => b - a);
    const ratio = (bright + 0.05) / (dim + 0.05);
    if (ratio < worst[0]) worst = [ratio, element.className + ": " + text.slice(0, 60)];
  }
  return worst;
})()"""


class Pages(Running):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = Browser()
        cls.has_swagger = b"swagger-ui" in cls.get("/docs").body

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        super().tearDownClass()

    def open(self, path, **options):
        page = Page(self.browser, self.base + path, **options)
        self.addCleanup(page.close)
        if path == "/docs" and self.has_swagger and options.get("scripts", True):
            self.assertTrue(page.wait_for("document.querySelectorAll('.opblock').length > 20"), page.complaints())
        return page

    def check(self, page):
        self.assertEqual(page.complaints(), [])
        strangers = [url for url in page.requests() if not url.startswith((self.base + "/", "data:", "about:"))]
        self.assertEqual(strangers, [])

    def test_each_page_loads_only_from_here_and_without_complaint_in_both_themes(self):
        folder = os.environ.get("CELERITY_SCREENSHOTS")
        for path in PAGES:
            for dark in [False, True]:
                with self.subTest(path, dark=dark):
                    page = self.open(path, dark=dark)
                    self.check(page)
                    colour = page.value("getComputedStyle(document.body).backgroundColor")
                    self.assertEqual(colour, "rgb(16, 20, 24)" if dark else "rgb(255, 255, 255)")
                    if path != "/docs":
                        ratio, text = page.value(CONTRAST)
                        self.assertGreaterEqual(ratio, 4.5, text)
                    if folder:
                        name = (path.strip("/").replace("/", "-") or "start") + ("-dark" if dark else "-light")
                        page.screenshot(os.path.join(folder, name + ".png"))

    def test_pages_need_no_sideways_scrolling_on_a_narrow_screen(self):
        for path in PAGES:
            with self.subTest(path):
                page = self.open(path, width=320, height=900)
                self.assertLessEqual(page.value("document.documentElement.scrollWidth"), 320)

    def test_an_opened_operation_stays_inside_a_narrow_screen(self):
        if not self.has_swagger:
            self.skipTest("this build has no Swagger UI")
        page = self.open("/docs", width=400, height=900)
        page.value("document.querySelector('#operations-tasks-submitTask .opblock-summary-control').click()")
        self.assertTrue(page.wait_for("document.querySelector('#operations-tasks-submitTask .responses-table')"))
        self.assertLessEqual(page.value("document.documentElement.scrollWidth"), 400)

    def test_pages_have_one_heading_landmarks_and_a_language(self):
        for path in PAGES:
            with self.subTest(path):
                page = self.open(path)
                self.assertEqual(page.value("document.querySelectorAll('h1:not(.swagger-ui *)').length"), 1)
                self.assertEqual(page.value("document.querySelectorAll('main').length"), 1)
                self.assertEqual(page.value("document.documentElement.lang"), "en")
                self.assertEqual(page.value("document.querySelectorAll('[id]').length"),
                                 page.value("new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size"))
                self.assertEqual(page.value("[...document.querySelectorAll('a[href^=\"#\"]:not(.swagger-ui *)')].filter("
                                            "(a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash)"), [])

    def test_the_reference_can_be_read_and_followed_without_scripts(self):
        page = self.open("/reference", scripts=False)
        self.check(page)
        tree = page.call("DOM.getDocument", depth=-1)["root"]
        self.assertIn("submitTask", str(tree))

    def test_a_call_can_be_tried_out(self):
        if not self.has_swagger:
            self.skipTest("this build has no Swagger UI")
        page = self.open("/docs")
        block = "document.querySelector('#operations-tasks-submitTask')"
        page.value(f"{block}.querySelector('.opblock-summary-control').click()")
        self.assertTrue(page.wait_for(f"{block}.querySelector('.try-out__btn')"))
        page.value(f"{block}.querySelector('.try-out__btn').click()")
        self.assertTrue(page.wait_for(f"{block}.querySelector('.execute')"))
        self.assertIn("finance.compound_interest", page.value(f"{block}.querySelector('textarea').value"))
        page.value(f"{block}.querySelector('.execute').click()")
        self.assertTrue(page.wait_for(f"{block}.querySelector('.live-responses-table .response-col_status')"))
        status = page.value(f"{block}.querySelector('.live-responses-table tbody .response-col_status').innerText")
        self.assertTrue(status.startswith("202"), status)
        self.check(page)
        self.assertIn(f"{self.base}/v1/tasks", page.requests())
