"""The texts of /metrics, read by Prometheus's own parsers."""

import json
import time
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from contract import Running

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


class Metrics(Running):
    settings = ("gateway.external_tasks=demo.far",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for body in (
            {"task": "finance.compound_interest", "kwargs": {"amount": 1, "rate": 0.1}},
            {"task": "demo.far", "queue": 'odd "queue" \\ é'},
        ):
            answer = cls.send(
                "POST", "/v1/tasks", [("Content-Type", "application/json")], json.dumps(body).encode())
            assert answer.status == 202, answer.body
        time.sleep(1.5)  # a reading is kept for a second

    def families(self, accept, parse):
        answer = self.get("/metrics", Accept=accept)
        self.assertEqual(answer.status, 200)
        return answer.media_type, {family.name: family for family in parse(answer.body.decode())}

    def test_prometheus_reads_its_text(self):
        media_type, families = self.families("text/plain;version=0.0.4", prometheus)
        self.assertEqual(media_type, "text/plain; version=0.0.4; charset=utf-8")
        self.check(families)

    def test_openmetrics_parser_reads_its_text(self):
        media_type, families = self.families(OPENMETRICS, openmetrics)
        self.assertEqual(media_type, OPENMETRICS)
        self.check(families)
        self.assertEqual(families["celery_task_runtime_seconds"].unit, "seconds")

    def check(self, families):
        sent = families["celery_task_sent"]
        self.assertEqual(sent.type, "counter")
        by_task = {sample.labels["name"]: sample.value for sample in sent.samples}
        self.assertEqual(by_task, {"finance.compound_interest": 1, "demo.far": 1})
        lengths = {sample.labels["queue_name"]: sample.value for sample in families["celery_queue_length"].samples}
        self.assertEqual(lengths['odd "queue" \\ é'], 1)
        workers = {each.labels["queue_name"]: each.value for each in families["celery_active_worker_count"].samples}
        self.assertEqual((workers["finance"], workers['odd "queue" \\ é']), (1, 0))
        runtime = families["celery_task_runtime"]
        self.assertEqual(runtime.type, "histogram")
        counts = [each.value for each in runtime.samples if each.name.endswith("_count")]
        self.assertEqual(counts, [1])
        self.assertGreater(families["process_resident_memory_bytes"].samples[0].value, 1e6)
        for family in families.values():
            self.assertTrue(family.documentation, family.name)

    def test_json_tells_the_same_and_has_a_cache(self):
        answer = self.get("/metrics")
        self.assertEqual(answer.media_type, "application/json")
        body = answer.json
        numbers = ["hits", "misses", "hit_rate_percent", "total_requests", "errors", "sets", "evictions", "entries", "bytes"]
        self.assertEqual(body["cache"], {**dict.fromkeys(numbers, 0), "enabled": True, "connected": True})
        _, families = self.families("text/plain", prometheus)
        self.assertEqual({name.removesuffix("_total") for name in body["metrics"]}, set(families))


if __name__ == "__main__":
    unittest.main()
