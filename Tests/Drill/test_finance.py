"""The finance service over HTTP: the lines of its documentation as a shell runs them, every calculation with a known
answer, its errors, its priorities. Runs the built binary named by CELERITY_TEST_BINARY.

    python3 -B -m unittest discover -s Tests/Drill -p test_finance.py
"""

import datetime
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from finance_case import Finance  # noqa: E402

# The two lines of the documentation, word for word; only host and port are replaced.
SUBMIT = """curl -X POST http://localhost/tasks \\
  -H "Content-Type: application/json" \\
  -d '{"data": {"amount": 10000, "rate": 0.05}}'"""
SHOW = "curl http://localhost/tasks/{task_id}"

POSITION = {"symbol": "A", "quantity": 100, "price": 150}
OPTION = {
    "spot_price": 100, "strike_price": 105, "volatility": 0.25, "risk_free_rate": 0.05, "time_to_maturity": 1}
TWO = {
    "positions": [POSITION, {"symbol": "B", "quantity": 50, "price": 100}], "volatilities": {"A": 0.25, "B": 0.3},
    "correlations": [[1, 0.7], [0.7, 1]]}
# Two assets of one mean and one variance that are independent.
PAST = [[0.01, 0.01], [0.03, 0.01], [0.01, 0.03], [0.03, 0.03]]


class Documentation(Finance):
    def shell(self, line):
        line = line.replace("http://localhost", f"http://127.0.0.1:{self.server.port}")
        return subprocess.check_output(["bash", "-c", line + " -s"], timeout=20, text=True)

    def test_the_documented_lines_submit_a_task_and_show_its_success(self):
        """S4.01, S4.02, C4.3"""
        accepted = json.loads(self.shell(SUBMIT))
        self.assertEqual(accepted["status"], "PENDING")
        self.assertEqual(accepted["queue"], "finance")
        self.wait_for(accepted["task_id"])
        task = json.loads(self.shell(SHOW.replace("{task_id}", accepted["task_id"])))
        self.assertEqual(task["status"], "SUCCESS")
        self.assertEqual((task["result"]["total"], task["result"]["interest"]), (10511.62, 511.62))

    def test_the_second_line_typed_with_its_braces_is_404_json(self):
        """C4.4"""
        answer = json.loads(self.shell(SHOW))
        self.assertEqual(answer["error"]["code"], "TASK_NOT_FOUND")

    def test_curl_dash_i_of_the_root_is_200(self):
        """S4.06"""
        head = self.shell("curl -I http://localhost/")
        self.assertEqual(head.splitlines()[0].split()[1], "200")

    def test_the_aliases_serve_the_same_tasks(self):
        """C4.2"""
        task_id = self.submit({"data": {"amount": 10000, "rate": 0.05}}, "/api/v1/tasks")
        self.wait_for(task_id)
        seen = [self.server.call("GET", f"{path}/{task_id}")
                for path in ("/tasks", "/api/v1/tasks", "/finance/tasks", "/finance/api/v1/tasks")]
        self.assertEqual([status for status, _ in seen], [200] * 4)
        self.assertEqual([task for _, task in seen], [seen[0][1]] * 4)

    def test_the_place_of_a_new_task_is_answered(self):
        for path in ("/tasks", "/api/v1/tasks", "/finance/tasks"):
            status, headers, body = self.raw("POST", path, b'{"amount": 1, "rate": 0.1}')
            self.assertEqual(status, 202, body)
            self.assertEqual(headers["Location"], f"{path}/{body['task_id']}")
            self.assertEqual(self.server.call("GET", headers["Location"])[0], 200)


class Calculations(Finance):
    def assert_near(self, value, wanted, share=0.02):
        self.assertLessEqual(abs(value - wanted), abs(wanted) * share, f"{value}, not {wanted}")

    def test_compound_interest(self):
        """S4.20"""
        for extra, total in (({}, 10511.62), ({"periods": 1}, 10500), ({"compounding": "annual"}, 10500),
                             ({"compounding": "daily"}, 10512.67), ({"compounding": "continuous"}, 10512.71)):
            result = self.answer_to({"data": {"amount": 10000, "rate": 0.05, **extra}})
            self.assertEqual(result["total"], total)
            self.assertEqual(result["calculation_type"], "compound_interest")
            self.assertEqual(result["schedule"][-1]["balance"], total)

    def test_the_flat_body_with_older_names(self):
        task_id = self.submit({"amount": 10000, "interest_rate": 0.05, "years": 1, "priority": "high", "user": "u1"})
        task = self.wait_for(task_id)
        self.assertEqual((task["priority"], task["result"]["total"]), ("high", 10511.62))

    def test_value_at_risk(self):
        """S4.21"""
        cases = (({"positions": [POSITION], "volatilities": {"A": 0.25}}, 1228.74, 1540.88),
                 ({"positions": [POSITION]}, 982.99, 1232.71), (TWO, 1611.47, None))
        for portfolio, value_at_risk, shortfall in cases:
            result = self.answer_to({"data": {"portfolio": portfolio, "seed": 1}})
            self.assert_near(result["var_amount"], value_at_risk)
            if shortfall:
                self.assert_near(result["expected_shortfall"], shortfall)
            self.assertEqual(result["simulation_count"], 100_000)
            self.assertEqual((result["confidence_level"], result["time_horizon_days"]), (0.95, 10))

    def test_option_prices(self):
        """S4.22"""
        for kind, price in (("call", 10.0022), ("put", 9.8813)):
            result = self.answer_to({"task_type": "monte_carlo", "data": {**OPTION, "option_type": kind, "seed": 5}})
            self.assert_near(result["option_price"], price)
            low, high = result["confidence_interval"]
            self.assertTrue(low < result["option_price"] < high)
            self.assertAlmostEqual(high - low, 2 * 1.959964 * result["standard_error"], places=5)

    def test_one_seed_gives_the_same_numbers_in_every_run(self):
        prices = {self.answer_to({"data": {**OPTION, "simulations": 20000, "seed": 9}})["option_price"]
                  for _ in range(3)}
        self.assertEqual(len(prices), 1)

    def test_optimisation(self):
        """S4.23"""
        result = self.answer_to({"data": {"assets": ["A", "B"], "returns": PAST}})
        self.assertAlmostEqual(result["optimal_weights"]["A"], 0.5, places=6)
        self.assertAlmostEqual(sum(result["optimal_weights"].values()), 1, places=9)
        self.assertIs(result["optimization_success"], True)
        for name in ("expected_return", "portfolio_risk", "sharpe_ratio"):
            self.assertIn(name, result)

    def test_stress(self):
        """S4.24"""
        scenarios = [{"name": "crash", "equity_shock": -0.35}, {"name": "calm", "equity_shock": 0.05}]
        result = self.answer_to({"data": {"portfolio": {"positions": [POSITION]}, "scenarios": scenarios}})
        crash = result["scenario_results"][0]
        self.assertEqual((crash["loss_amount"], crash["loss_percentage"], crash["recovery_months"]), (-5250, -0.35, 8.4))
        self.assertEqual((result["worst_case_loss"], result["avg_loss"], result["scenarios_tested"]), (-0.35, -0.15, 2))

    def test_the_health_check(self):
        """S4.25"""
        result = self.answer_to({"task_type": "health_check", "data": {}})
        self.assertEqual(result["status"], "healthy")
        self.assertTrue(result["worker"])
        self.assertLess(abs(result["timestamp"] - time.time()), 30)

    def test_a_result_tells_how_it_came_about(self):
        body = {"data": {**OPTION, "simulations": 200_000, "seed": 1}}
        task = self.wait_for(self.submit(body))
        metadata, took = task["result"]["metadata"], task["result"]["computation_time"]
        self.assertGreater(took, 0)
        self.assertEqual(metadata["execution_time_seconds"], took)
        # The calculation is what the task did: its time is within the task's and most of it.
        self.assertLessEqual(took * 1000, task["processing_time_ms"] + 1)
        self.assertTrue(metadata["worker"])
        self.assertEqual(metadata["parameters"], {**OPTION, "option_type": "call", "simulations": 200_000, "seed": 1})

    def test_what_can_not_be_calculated_is_refused_before_it_is_a_task(self):
        status, answer = self.server.call(
            "POST", "/v1/tasks", {"task": "finance.compound_interest", "kwargs": {"amount": -1, "rate": 0.05}})
        self.assertEqual((status, answer["code"]), (422, "invalid-arguments"), answer)
        self.assertEqual([issue["pointer"] for issue in answer["errors"]], ["/kwargs/amount"])


class Records(Finance):
    def test_a_task_has_all_fields_and_its_times_are_in_order(self):
        """S4.02"""
        before = datetime.datetime.now(datetime.timezone.utc)
        task = self.wait_for(self.submit({"task_type": "fixed_seconds", "data": {"seconds": 0.2}, "priority": "low"}))
        after = datetime.datetime.now(datetime.timezone.utc)
        self.assertEqual(
            list(task), ["task_id", "status", "priority", "queue", "result", "error", "created_at", "started_at",
                         "completed_at", "processing_time_ms"])
        times = [datetime.datetime.fromisoformat(task[name].replace("Z", "+00:00"))
                 for name in ("created_at", "started_at", "completed_at")]
        self.assertEqual([before, *times, after], sorted([before, *times, after]))
        self.assertAlmostEqual(
            (times[2] - times[1]).total_seconds() * 1000, task["processing_time_ms"], delta=0.01)
        self.assertGreaterEqual(task["processing_time_ms"], 200)
        self.assertEqual((task["priority"], task["queue"], task["error"]), ("low", "finance", None))

    def test_a_running_task_is_started_and_has_no_end(self):
        task_id = self.submit({"task_type": "fixed_seconds", "seconds": 1})
        deadline = time.monotonic() + 10
        while (task := self.server.call("GET", f"/tasks/{task_id}")[1])["status"] == "PENDING":
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.assertIn(task["status"], ("STARTED", "PROGRESS"))
        self.assertIsNotNone(task["started_at"])
        for name in ("result", "error", "completed_at", "processing_time_ms"):
            self.assertIsNone(task[name], name)
        self.assertEqual(self.wait_for(task_id)["status"], "SUCCESS")


class Errors(Finance):
    def test_an_unknown_id_is_404(self):
        for task_id in ("task_id", "%7Btask_id%7D", "{task_id}", "0192f0c1-0000-7000-8000-000000000000"):
            answer = self.raw("GET", f"/tasks/{task_id}", headers=[("X-Request-ID", "drill-7")])
            error = self.assert_envelope(answer, 404, "TASK_NOT_FOUND")
            self.assertEqual((error["request_id"], answer[1]["X-Request-ID"]), ("drill-7", "drill-7"))

    def test_ten_megabytes_are_413(self):
        """S4.39"""
        data = json.dumps({"data": {"amount": 1, "rate": 0.1, "note": "x" * 10_000_000}}).encode()
        # The server answers at the head; whoever goes on sending may be cut off.
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            head = f"POST /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" \
                   f"Content-Length: {len(data)}\r\n\r\n"
            connection.sendall(head.encode() + data[:1000])
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            body = json.loads(answer.read())
        self.assert_envelope((answer.status, answer.headers, body), 413, "PAYLOAD_TOO_LARGE")

    def test_malformed_json_is_422(self):
        for data in (b"", b"{", b"amount=1", b'{"data": {"amount": NaN, "rate": 0.1}}', b'\xff{"a": 1}', b"[" * 5000):
            self.assert_envelope(self.raw("POST", "/tasks", data), 422, "VALIDATION_ERROR")

    def test_wrong_input_is_422_and_names_its_field(self):
        """S4.39"""
        good = {"amount": 1, "rate": 0.1}
        cases = (
            ({"data": {"amount": "10000", "rate": 0.05}}, "VALIDATION_ERROR", "/data/amount"),
            ({"data": {"amount": "1; DROP TABLE tasks", "rate": 0.05}}, "VALIDATION_ERROR", "/data/amount"),
            ({"data": {"amount": -1, "rate": 0.05}}, "VALIDATION_ERROR", "/data/amount"),
            ({"data": {"amount": 1e308, "rate": 0.05}}, "VALIDATION_ERROR", "/data/amount"),
            ({"data": {"amount": 1, "rate": 1.5}}, "VALIDATION_ERROR", "/data/rate"),
            ({"amount": 1, "rate": None}, "VALIDATION_ERROR", "/rate"),
            ({"data": good, "priority": "urgent"}, "VALIDATION_ERROR", "/priority"),
            ({"data": good, "queue": "q" * 51}, "VALIDATION_ERROR", "/queue"),
            ({"data": good, "task_type": "forecast"}, "INVALID_TASK", "/task_type"),
            ({"data": {}}, "INVALID_TASK", "/data"),
            ({"data": []}, "VALIDATION_ERROR", "/data"),
        )
        for body, code, pointer in cases:
            error = self.assert_envelope(self.raw("POST", "/tasks", json.dumps(body).encode()), 422, code)
            self.assertIn(pointer, error["details"], body)

    def test_extra_fields_are_tolerated(self):
        self.submit({"data": {"amount": 1, "rate": 0.1, "currency": "EUR"}, "client": {"name": "x"}, "trace": [1]})

    def test_a_body_that_is_no_json_by_its_own_word_is_415(self):
        answer = self.raw("POST", "/tasks", b"amount=1", [("Content-Type", "application/x-www-form-urlencoded")])
        self.assert_envelope(answer, 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_a_wrong_method_is_405_with_the_right_ones(self):
        for method, path, allowed in (("DELETE", "/tasks", "POST"), ("PUT", "/tasks/x", "GET"),
                                      ("POST", "/api/v1/tasks/x", "GET")):
            status, headers, _ = self.raw(method, path)
            self.assertEqual(status, 405)
            self.assertIn(allowed, headers["Allow"].split(", "))


class Saturated(Finance):
    """One slot, so that the order of starts can be seen."""

    settings = ("log.level=warning", "worker.concurrency=1")

    def test_high_goes_before_medium_before_low(self):
        """S4.35"""
        blocker = self.submit({"task_type": "fixed_seconds", "seconds": 1.5})
        deadline = time.monotonic() + 10
        while self.server.call("GET", f"/tasks/{blocker}")[1]["status"] not in ("STARTED", "PROGRESS"):
            self.assertLess(time.monotonic(), deadline)
        words = ["low", "medium", "high"] * 3
        ids = [self.submit({"data": {"amount": 1, "rate": 0.1}, "priority": word}) for word in words]
        tasks = [self.wait_for(task_id) for task_id in ids]
        self.assertLess(self.wait_for(blocker)["started_at"], min(task["started_at"] for task in tasks))
        tasks.sort(key=lambda task: task["started_at"])
        self.assertEqual([task["priority"] for task in tasks], ["high"] * 3 + ["medium"] * 3 + ["low"] * 3)

    def test_the_estimated_wait_is_nothing_when_idle_and_the_rounds_under_load(self):
        """S4.37"""
        body = {"task_type": "fixed_seconds", "seconds": 0.5}
        # Twenty tasks of half a second each are what the estimate measures.
        for task_id in [self.submit(body) for _ in range(20)]:
            self.wait_for(task_id)
        time.sleep(1.1)  # an estimate is a second old at most
        status, idle = self.server.call("POST", "/tasks", body)
        self.assertEqual((status, idle["estimated_wait_time_seconds"]), (202, 0))
        ids = [self.submit(body) for _ in range(8)]
        time.sleep(1.1)
        status, loaded = self.server.call("POST", "/tasks", body)
        # Eight were there; two or three were done in the meantime, and one runs.
        self.assertEqual(status, 202)
        self.assertTrue(1.5 <= loaded["estimated_wait_time_seconds"] <= 4.5, loaded)
        for task_id in ids:
            self.wait_for(task_id)


if __name__ == "__main__":
    unittest.main()
