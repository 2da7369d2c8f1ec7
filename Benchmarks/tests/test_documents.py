import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness import celerity, documents
from harness.measurements import Options
from harness.processes import BenchmarkError

from tests.fake_celerity import FIRST_PDF_SECONDS
from tests.test_celerity import FAKE, script

QUICK = Options(seconds=1, scale=0.01)


class Documents(unittest.TestCase):
    """The measurements of the documents service, against a stand-in."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        smaller = {"CACHED_PER_SECOND": 100, "CACHED_CONNECTIONS": 10, "BARE_REQUESTS": 200, "TYPESETTER": "sh"}
        self.enterContext(mock.patch.multiple(documents, **smaller))

    def start_fake(self, fault: str = "") -> None:
        path = script(self.folder, f'FAKE={fault} exec "{sys.executable}" "{FAKE}" "$@"')
        self.enterContext(mock.patch.object(celerity, "BINARY", path))

    def test_hits_are_measured_beside_the_client_alone(self) -> None:
        self.start_fake()
        measurement = documents.cached(self.folder, QUICK)
        self.assertEqual(measurement.notes, [])
        for name in ("p50_ms", "p99_ms", "bare_p99_ms", "client_cores"):
            self.assertGreater(measurement.figures[name], 0)
        self.assertGreater(measurement.figures["bare_per_second"], 100)
        self.assertAlmostEqual(measurement.figures["answered_per_second"], 100, delta=20)
        self.assertGreaterEqual(measurement.figures["first_pdf_ms"], FIRST_PDF_SECONDS * 1e3)

    def test_documents_that_are_made_again_are_no_hits(self) -> None:
        self.start_fake("forgets")
        self.assertEqual(
            documents.cached(self.folder, QUICK).notes, ["100 answers were not of the kind that is measured"]
        )

    def test_the_first_pdf_is_left_out_of_the_median(self) -> None:
        self.start_fake()
        figures = documents.fresh(self.folder, QUICK).figures
        self.assertGreaterEqual(figures["first_pdf_ms"], FIRST_PDF_SECONDS * 1e3)
        self.assertLess(figures["slowest_ms"], FIRST_PDF_SECONDS * 1e3)
        self.assertLessEqual(figures["p50_ms"], figures["slowest_ms"])

    def test_orders_pile_up_and_are_counted(self) -> None:
        self.start_fake()
        measurement = documents.submitted(self.folder, QUICK)
        self.assertEqual(measurement.notes, [])
        self.assertGreater(measurement.figures["p99_ms"], 0)

    def test_a_lost_order_is_noticed(self) -> None:
        self.start_fake("loses")
        self.assertEqual(documents.submitted(self.folder, QUICK).notes, ["100 were ordered but 99 are queued"])

    def test_a_batch_counts_when_all_are_done(self) -> None:
        self.start_fake()
        self.assertGreater(documents.batch(self.folder, QUICK).figures["pdfs_per_minute"], 60)

    def test_a_batch_with_a_failure_is_an_error(self) -> None:
        self.start_fake("fails")
        with self.assertRaisesRegex(BenchmarkError, "a job ended as FAILURE"):
            documents.batch(self.folder, QUICK)

    def test_without_the_typesetter_nothing_is_measured(self) -> None:
        self.enterContext(mock.patch.object(documents, "TYPESETTER", "no-such-typesetter"))
        for measure in (documents.cached, documents.fresh, documents.submitted, documents.batch):
            with self.assertRaisesRegex(BenchmarkError, "no-such-typesetter, which sets the PDFs, is missing"):
                measure(self.folder, QUICK)

    def test_orders_differ_in_their_number_alone(self) -> None:
        first, second = documents.order(1), documents.order(2)
        self.assertEqual(first.replace("Jane Doe 1", "Jane Doe 2"), second)
        self.assertEqual(json.loads(first)["format"], "pdf")
        self.assertNotEqual(first, second)
