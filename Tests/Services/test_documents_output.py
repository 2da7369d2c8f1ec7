"""The documents themselves: what PDF, LaTeX and DOCX hold, what they look like on the page, and what hostile text can't do.

    .build/venv-test/bin/python -B -m unittest discover -s Tests/Services -p test_documents_output.py

Orders go to the service over HTTP. With DOCUMENTS_RENDER_COMMAND they go to a program instead, which is called with type,
template, format and spacing mode, reads the data from its input, and writes the document.
"""

import io
import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import unittest
import xml.dom.minidom
import zipfile

import pypdf

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stand import Alone, StandCase  # noqa: E402
from test_documents import raw  # noqa: E402

TEMPLATES = ("classic", "two_column")
KINDS = tuple(itertools.product(("resume", "cover_letter"), TEMPLATES))
LETTER = (612, 792)

PERSON = {
    "name": "Zoë Łukasiewicz", "title": "Senior Platform Engineer", "email": "zoe@example.com",
    "phone": "+49 (151) 234-56789", "location": "Berlin, Germany", "website": "https://zoe.example.com/~z_l?a=1&b=%20#c",
    "linkedin": "linkedin.com/in/zoe", "github": "zoe-l",
}
RESUME = {
    "personalInfo": PERSON,
    "summary": "All signs: & % $ # _ { } ~ ^ \\ < > \" | ` ' -- --- '' `` ,, << >> ?` !` [x] 100% é ł Ж 中 Ελληνικά Việt ș ✓ "
               "日本語のテキスト。 한국어 office fi fl ffi {{name}} ^^5cinput",
    "keySkills": ["Queues & Storage", "C_D"],
    "leadership": [{"role": "Chair", "organization": "Rowing club", "startDate": "2010", "details": "Line one\nLine two"}],
    "experience": [
        {"title": "Engineer", "company": "Acme & Sons", "location": "Köln", "url": "https://acme.example.com/a_b",
         "startDate": "2020-03", "description": "Kept it running.", "achievements": ["Saved 40 %", "Wrote {docs}"],
         "technologies": ["Swift", "C#"]},
        {"position": "Developer", "employer": "W" * 300, "startDate": "2013-06", "endDate": "2015-08"}],
    "education": [{"degree": "MSc", "institution": "TU", "endDate": "2013-07", "gpa": 3.9, "honors": ["Dean's list"],
                   "focus": "Systems", "courses": ["Logic", "Algebra"]}],
    "skillsMatrix": {"expert": ["Vim"], "beginner": "Perl"},
    "skills": {"programmingLanguages": ["Haskell", "Rust"]},
    "projects": [{"name": "Tidemark", "url": "https://github.com/zoe-l/tidemark", "description": ["A queue"],
                  "stack": ["SQLite"], "outcomes": ["1,800 stars"]}],
    "publications": [{"title": "Leases", "authors": ["Z. Ł.", "A. W."], "venue": "Queues 2021", "year": 2021,
                      "doi": "10.1000/x_y"}],
    "certifications": {"Cloud": ["CKA"], "Net": [{"name": "CCNA", "issuer": "Cisco", "expiry": "2030"}]},
    "languages": [{"language": "Polish", "proficiency": "native"}, "German"],
    "references": [{"name": "Alice", "title": "CEO", "company": "Y", "email": "a@y.example", "phone": "123 456"}],
    "interests": ["Rowing"], "boardGames": {"favourite": ["Go"]},
}
COVER = {
    "personalInfo": PERSON, "date": "May 4, 2024", "subject": "Position 7 & 8",
    "recipient": {"name": "Dr. Weber", "title": "CTO", "company": "Rhein_Werk", "street": "Straße 1", "city": "Köln",
                  "zip": "50667"},
    "body": "First paragraph with 100% é 中 {x}.\n\nSecond paragraph & more.", "closing": "Yours,",
}
MANY = {**RESUME, "experience": [
    {"title": f"Engineer number {n}", "company": f"Company {n} & Sons", "startDate": f"{1960 + n}-01",
     "endDate": f"{1960 + n}-12", "achievements": [f"Achievement {n}.{k}: made {k}_things 100% better" for k in range(15)]}
    for n in range(50)]}
DATA = {"resume": RESUME, "cover_letter": COVER}


def texts(value):
    """Every text and number that was given."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield from value.splitlines()
    elif value is not None:
        yield str(value)


def without_spaces(text):
    """Where lines end is the typesetter's business."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def missing(given, document):
    """What of the data does not stand in the text of a document."""
    flat = without_spaces(document)
    return [text for text in texts(given) if without_spaces(text) not in flat]


class Output(StandCase):
    make = Alone
    settings = ("log.level=warning", "cache.enabled=false")

    @classmethod
    def setUpClass(cls):
        cls.command = os.environ.get("DOCUMENTS_RENDER_COMMAND")
        if not cls.command:
            super().setUpClass()
        cls.directory = tempfile.mkdtemp(prefix="celerity-output-")
        cls.addClassCleanup(shutil.rmtree, cls.directory, True)

    def render(self, kind, template, format, data, spacing="compact"):
        if self.command:
            command = shlex.split(self.command) + [kind, template, format, spacing]
            run = subprocess.run(command, input=json.dumps(data).encode(), capture_output=True, timeout=300)
            self.assertEqual(run.returncode, 0, run.stderr.decode())
            return run.stdout
        status, _, document = raw(self.stand.port(), "POST", "/generate", {
            "document_type": kind, "template": template, "format": format, "spacing_mode": spacing, "data": data})
        self.assertEqual(status, 200, document[:1000])
        return document

    def run_tool(self, *command):
        return subprocess.run(command, capture_output=True, check=True, timeout=240).stdout.decode()

    def pdf(self, kind, template, data, spacing="compact"):
        return pypdf.PdfReader(io.BytesIO(self.render(kind, template, "pdf", data, spacing)))

    def raw_text(self, document):
        path = os.path.join(self.directory, "document.pdf")
        with open(path, "wb") as file:
            file.write(document)
        return self.run_tool("pdftotext", "-raw", path, "-")


class PDF(Output):
    def test_s1_21_every_text_is_in_the_pdf(self):
        for kind, template in KINDS:
            with self.subTest(kind=kind, template=template):
                document = self.render(kind, template, "pdf", DATA[kind])
                self.assertEqual(missing(DATA[kind], self.raw_text(document)), [])
                pages = pypdf.PdfReader(io.BytesIO(document)).pages
                self.assertEqual(missing(DATA[kind], "".join(page.extract_text() for page in pages)), [])

    def test_s1_20_pages_are_of_us_letter_and_headings_stand_in_order(self):
        pdf = self.pdf("resume", "classic", RESUME)
        self.assertTrue(all((page.mediabox.width, page.mediabox.height) == LETTER for page in pdf.pages))
        lines = [line.strip() for page in pdf.pages for line in page.extract_text().splitlines()]
        headings = ["Professional Summary", "Core Competencies", "Leadership Experience", "Experience", "Education",
                    "Skills Matrix", "Technologies & Skills", "Projects", "Publications", "Certifications", "Languages",
                    "References", "Interests", "Board Games"]
        self.assertEqual([line for line in lines if line in headings], headings)
        self.assertEqual(lines[0], PERSON["name"])

    def test_s1_22_links_lead_where_they_say(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                links = {annotation.get_object()["/A"]["/URI"]
                         for page in self.pdf("resume", template, RESUME).pages for annotation in page.get("/Annots", [])}
                self.assertEqual(links, {
                    "mailto:zoe@example.com", "tel:+4915123456789", "https://zoe.example.com/~z_l?a=1&b=%20#c",
                    "https://linkedin.com/in/zoe", "https://github.com/zoe-l", "https://acme.example.com/a_b",
                    "https://github.com/zoe-l/tidemark"})

    def test_s1_23_title_and_author_are_the_applicants(self):
        for kind, template in KINDS:
            with self.subTest(kind=kind, template=template):
                about = self.pdf(kind, template, DATA[kind]).metadata
                title = f"{PERSON['name']} – {'Resume' if kind == 'resume' else 'Cover Letter'}"
                self.assertEqual((about.author, about.title), (PERSON["name"], title))
                # And nobody else's: what is left names programs.
                self.assertEqual(set(about) - {"/CreationDate", "/ModDate"}, {"/Author", "/Title", "/Creator", "/Producer"})
                self.assertEqual(about["/Creator"], "Celerity")
                self.assertRegex(about["/Producer"], r"^xdvipdfmx \(\d+\)$")
                with zipfile.ZipFile(io.BytesIO(self.render(kind, template, "docx", DATA[kind]))) as archive:
                    core = xml.dom.minidom.parseString(archive.read("docProps/core.xml")).documentElement
                told = {each.tagName: each.firstChild.data for each in core.childNodes}
                self.assertEqual(told, {
                    "dc:title": title, "dc:creator": PERSON["name"], "cp:lastModifiedBy": PERSON["name"]})

    def test_s1_24_the_dark_column_stays_at_the_left_of_every_page(self):
        certificates = [{"name": f"Certificate {n}", "issuer": "Issuer"} for n in range(80)]
        path = os.path.join(self.directory, "columns.pdf")
        with open(path, "wb") as file:
            file.write(self.render("resume", "two_column", "pdf", {**MANY, "certifications": certificates}))
        border = 0.355 * LETTER[0]
        pages = self.run_tool("pdftotext", "-bbox", path, "-").split("<page ")[1:]
        self.assertGreater(len(pages), 5)
        left, right = 0, 0
        for page in pages:
            for start, end, word in re.findall(r'xMin="([\d.]+)".*?xMax="([\d.]+)".*?>([^<]+)</word>', page):
                if word in ("Certificate", "Contact", "Issuer"):
                    self.assertLess(float(end), border, word)
                    left += word == "Certificate"
                elif word in ("Achievement", "Company", "number"):
                    self.assertGreater(float(start), border, word)
                    right += word == "Achievement"
        self.assertEqual((left, right), (80, 750))
        self.assertIn("Certificate", pages[1])

    def test_s1_27_of_fifty_positions_nothing_is_lost(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                document = self.render("resume", template, "pdf", MANY)
                self.assertGreater(len(pypdf.PdfReader(io.BytesIO(document)).pages), 5)
                self.assertEqual(missing(MANY, self.raw_text(document)), [])

    def test_the_same_order_gives_the_same_bytes(self):
        first, second = (self.render("resume", "classic", "pdf", RESUME) for _ in range(2))
        self.assertEqual(first, second)

    def test_spacing_modes_set_tighter(self):
        def lowest(spacing):
            page = self.pdf("resume", "classic", {**RESUME, "summary": "Short."}, spacing).pages[0]
            places = []
            page.extract_text(visitor_text=lambda text, _, matrix, *rest: places.append((text.strip(), matrix[5])))
            return next(down for text, down in places if text.startswith("Projects"))
        normal, compact, ultra = (lowest(mode) for mode in ("normal", "compact", "ultra-compact"))
        self.assertLess(normal, compact)
        self.assertLess(compact, ultra)

    def test_what_no_font_has_is_shown_and_can_still_be_read(self):
        document = self.render("resume", "classic", "pdf", {**RESUME, "summary": "before \U00013000 after"})
        self.assertIn("before \U00013000 after", self.raw_text(document))


ATTACKS = (
    r"\input{CANARY}", r"\include{CANARY}", r"\InputIfFileExists{CANARY}{}{}", r"\verbatiminput{CANARY}",
    r"\immediate\write18{touch LEAK}", r"\write18{touch LEAK}", r"\openin5=CANARY \read5 to\x \x",
    r"\openout5=LEAK \write5{x}", r"\newwrite\f\immediate\openout\f=LEAK", r"\catcode`\%=12 \catcode36=0",
    r"^^5cinput{CANARY}", r"^^^^005cinput{CANARY}", r"\csname input\endcsname{CANARY}", r"\expandafter\input CANARY ",
    r"\special{pdf:image (CANARY)}", r"\special{psfile=CANARY}", r"\XeTeXpicfile CANARY ", r"\font\x=[CANARY] \x",
    r"\def\x{\x\x}\x", r"\loop\iftrue\repeat", r"\end{document}", r"\endinput", r"} \input{CANARY} {", r"%\n\input{CANARY}",
    r"$\input{CANARY}$", r"\begingroup\endlinechar=-1 \scantokens{\input{CANARY}}", r"| cat CANARY", r"\input|'cat CANARY'",
    "{{CANARY}}", "#1 #2 ##", "&&&", "\\\\[1000cm]", "\\", "{", "}", "}}}{{{", "\\verb|", "``'' --- ?` !`",
    "https://example.com/){}\\input{CANARY}", "javascript:alert(1)", "a\u0000b\u001bc", "\u202egnp.exe",
)


class Injection(Output):
    """Everything that TeX could be told, in every field: it is printed, and nothing else happens."""

    def setUp(self):
        self.canary = os.path.join(self.directory, "canary.tex")
        self.leak = os.path.join(self.directory, "leak.tex")
        with open(self.canary, "w", encoding="utf-8") as file:
            file.write("SECRET-OF-THE-CANARY\n")

    def attacks(self):
        return [attack.replace("CANARY", self.canary).replace("LEAK", self.leak) for attack in ATTACKS]

    def poisoned(self, value, attack):
        """The data with the attack in every text, but in the address that validation looks at."""
        if isinstance(value, dict):
            return {k: v if k == "email" or k.lower().endswith("date") else self.poisoned(v, attack) for k, v in value.items()}
        if isinstance(value, list):
            return [self.poisoned(each, attack) for each in value]
        return attack if isinstance(value, str) else value

    def check(self, kind, template, data, expected):
        document = self.render(kind, template, "pdf", data)
        text = self.raw_text(document)
        self.assertNotIn("SECRET-OF-THE-CANARY", text)
        self.assertFalse(os.path.exists(self.leak))
        readable = re.sub(r"[\u0000-\u0009\u000b-\u001f\u202e]", "", expected)
        self.assertIn(without_spaces(readable), without_spaces(text))

    def test_c1_16_each_attack_in_every_field_is_printed(self):
        for number, attack in enumerate(self.attacks()):
            kind, template = KINDS[number % len(KINDS)]
            with self.subTest(attack=attack, kind=kind, template=template):
                self.check(kind, template, self.poisoned(DATA[kind], attack), attack)

    def test_c1_16_all_attacks_at_once_are_printed(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                data = {**RESUME, "experience": [
                    {"title": attack, "company": attack, "url": attack, "achievements": [attack], attack.replace("\0", ""): attack}
                    for attack in self.attacks()]}
                document = self.render("resume", template, "pdf", data)
                text = without_spaces(self.raw_text(document))
                self.assertNotIn("SECRET-OF-THE-CANARY", text)
                self.assertFalse(os.path.exists(self.leak))
                for attack in self.attacks():
                    readable = re.sub(r"[\u0000-\u001f\u202e]", "", attack)
                    self.assertIn(without_spaces(readable), text)

    def test_links_of_attacks_lead_to_the_web_only(self):
        data = {**RESUME, "projects": [{"name": "P", "url": attack} for attack in self.attacks()]}
        for page in self.pdf("resume", "classic", data).pages:
            for annotation in page.get("/Annots", []):
                action = annotation.get_object()["/A"]
                self.assertEqual(action["/S"], "/URI")
                self.assertRegex(action["/URI"], r"^(https?://|mailto:|tel:)[!-~]+$")


class LaTeX(Output):
    def test_s1_25_the_source_is_complete(self):
        for kind, template in KINDS:
            with self.subTest(kind=kind, template=template):
                source = self.render(kind, template, "latex", DATA[kind]).decode()
                self.assertNotIn("{{", source)
                self.assertEqual(source.count("{"), source.count("}"))
                self.assertEqual(source.count("\\begin{document}"), 1)
                self.assertTrue(source.endswith("\\end{document}\n"))
                # Of what was ordered no sign has its meaning to TeX.
                self.assertEqual(re.findall(r"(?<!\\)[&%$#_~^]", source.split("\\begin{document}")[1]), [])

    def typeset(self, *arguments):
        environment = {**os.environ, "OSFONTDIR": "/usr/share/fonts//"}
        subprocess.run(
            ["xetex", "-interaction=nonstopmode", "-halt-on-error", "-progname=xelatex", *arguments], cwd=self.directory,
            check=True, capture_output=True, timeout=120, env=environment)

    def test_s1_25_the_source_compiles_by_itself(self):
        # What `xelatex` is, made of LaTeX's base: the command itself comes with packages that nothing here needs.
        self.typeset("-ini", "-etex", "-jobname=xelatex", "xelatex.ini")
        for kind, template in KINDS:
            with self.subTest(kind=kind, template=template):
                path = os.path.join(self.directory, f"{kind}-{template}.tex")
                with open(path, "wb") as file:
                    file.write(self.render(kind, template, "latex", DATA[kind]))
                self.typeset("-fmt=./xelatex", os.path.basename(path))
                text = self.run_tool("pdftotext", "-raw", path.replace(".tex", ".pdf"), "-")
                self.assertEqual(missing(DATA[kind], text), [])


class Word(Output):
    def test_s1_26_the_package_is_valid_and_an_office_suite_opens_it(self):
        for kind, template in KINDS:
            with self.subTest(kind=kind, template=template):
                document = self.render(kind, template, "docx", DATA[kind])
                with zipfile.ZipFile(io.BytesIO(document)) as archive:
                    self.assertIsNone(archive.testzip())
                    self.assertEqual(archive.namelist()[0], "[Content_Types].xml")
                    for name in archive.namelist():
                        xml.dom.minidom.parseString(archive.read(name))
                    self.assertIn(PERSON["name"], archive.read("docProps/core.xml").decode())
                text, pages = self.opened(f"{kind}-{template}", document)
                self.assertEqual(missing(DATA[kind], text), [])
                self.assertLessEqual(pages, 3)

    def test_s1_27_of_fifty_positions_nothing_is_lost(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                text, pages = self.opened(f"many-{template}", self.render("resume", template, "docx", MANY))
                self.assertEqual(missing(MANY, text), [])
                self.assertGreater(pages, 5)

    def test_the_same_order_gives_the_same_bytes(self):
        first, second = (self.render("resume", "two_column", "docx", RESUME) for _ in range(2))
        self.assertEqual(first, second)

    def opened(self, name, document):
        """The text and the number of pages as LibreOffice sees them."""
        path = os.path.join(self.directory, name + ".docx")
        with open(path, "wb") as file:
            file.write(document)
        self.run_tool(
            "soffice", "--headless", f"-env:UserInstallation=file://{self.directory}/office", "--convert-to", "pdf",
            "--outdir", self.directory, path)
        text = self.run_tool("pdftotext", "-raw", path.replace(".docx", ".pdf"), "-")
        return text, len(pypdf.PdfReader(path.replace(".docx", ".pdf")).pages)


if __name__ == "__main__":
    unittest.main()
