"""A Python client and a worker. Every case is written once and run against a worker of Python's (the oracle: it shows that
the test is right) and against ours.

    .build/venv-test/bin/python -B -m unittest discover -s Tests/Celery -p test_python_client.py
"""

import datetime
import json
import os
import sys
import time
import unittest
import uuid

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from billiard.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded  # noqa: E402
from celery import chain, chord, group  # noqa: E402
from celery.exceptions import ChordError, NotRegistered, TaskRevokedError  # noqa: E402
from celery.result import AsyncResult, GroupResult  # noqa: E402

from servers import FleetCase, Shared, eventually  # noqa: E402
from wapp import (  # noqa: E402
    CustomError, add, echo, errback, fail, fail_after, fail_custom, fail_strange, ident, make_app, mul, no_result,
    patient, raise_reject, replace, replace_chain, replace_group, replace_with, retry_plain, retry_then, sleepy, spawn,
    whoami, xsum)

UTC = datetime.timezone.utc


def new_id():
    return str(uuid.uuid4())


def alone(result):
    """The result without its parents, whose failures the client would raise instead."""
    return AsyncResult(result.id)


class OnPython(FleetCase):
    start_fleet = Shared.python


class OnSwift(FleetCase):
    start_fleet = Shared.swift


class Calls:
    """Single tasks: arguments, results, failures."""

    def test_a_plain_call(self):
        result = add.delay(2, 3)
        self.assertEqual(self.get(result), 5)
        self.assertEqual(result.state, "SUCCESS")
        self.assertTrue(result.successful())

    def test_keywords_and_mixed_arguments(self):
        self.assertEqual(self.get(add.delay(x=2, y=3)), 5)
        self.assertEqual(self.get(add.delay(2, y=3.5)), 5.5)
        answer = self.get(echo.delay(1, "two", text="three", flag=True, data={"a": [None]}))
        self.assertEqual(answer, {
            "args": [1, "two"], "kwargs": {"text": "three", "flag": True, "data": {"a": [None]}}})

    def test_texts_of_all_planes(self):
        text = "żółć 日本語 🦀 \u2028 \"quoted\" back\\slash \u0000 tab\t' {\"__type__\": 1}"
        self.assertEqual(self.get(ident.delay(text)), text)
        self.assertEqual(self.get(echo.delay(text, text=text)), {"args": [text], "kwargs": {"text": text}})

    def test_values_of_all_kinds(self):
        value = [None, True, False, 0, -1, 2 ** 70, 1e-7, 1.5e300, "", [], {}, {"ä": [{"deep": [[[]]]}]}]
        self.assertEqual(self.get(ident.delay(value)), value)

    def test_values_with_types_of_their_own(self):
        value = [datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), uuid.UUID(int=7)]
        self.assertEqual(self.get(ident.delay(value)), value)

    def test_five_megabytes(self):
        text = "0123456789" * 500_000
        self.assertEqual(self.get(ident.delay(text), timeout=30), text)

    def test_a_failure_is_rebuilt_with_its_class(self):
        result = fail.delay("nope")
        with self.assertRaises(ValueError) as raised:
            self.get(result)
        self.assertEqual(raised.exception.args, ("nope",))
        self.assertEqual(result.state, "FAILURE")
        self.assertTrue(result.failed())
        self.assertIsInstance(result.traceback, str)

    def test_a_failure_of_the_programs_own_class(self):
        with self.assertRaises(CustomError) as raised:
            self.get(fail_custom.delay(7, "seven"))
        self.assertEqual(raised.exception.args, (7, "seven"))

    def test_a_failure_of_a_class_that_the_client_does_not_have(self):
        with self.assertRaises(Exception) as raised:
            self.get(fail_strange.delay())
        self.assertEqual(type(raised.exception).__name__, "StrangeError")
        self.assertEqual(raised.exception.args, ("odd",))

    def test_an_unknown_task_ends_as_a_failure(self):
        result = self.app.send_task("wapp.nothing", (1,))
        with self.assertRaises(NotRegistered) as raised:
            self.get(result)
        self.assertIn("wapp.nothing", str(raised.exception))
        self.assertEqual(result.state, "FAILURE")

    def test_wrong_arguments_are_a_type_error(self):
        for args, kwargs in (((1,), {}), ((1, 2, 3), {}), ((1, 2), {"z": 3})):
            with self.subTest(args=args, kwargs=kwargs), self.assertRaises(TypeError):
                self.get(self.app.send_task("wapp.add", args, kwargs))

    def test_a_rejected_task_is_a_failure(self):
        result = raise_reject.delay()
        with self.assertRaises(Exception) as raised:
            self.get(result)
        self.assertEqual(type(raised.exception).__name__, "Reject")
        self.assertEqual(result.state, "FAILURE")

    def test_a_record_has_the_keys_that_python_writes(self):
        result = add.delay(1, 1)
        self.get(result)
        meta = json.loads(self.meta(result.id))
        self.assertEqual(
            {key: meta[key] for key in ("status", "result", "traceback", "children", "task_id")},
            {"status": "SUCCESS", "result": 2, "traceback": None, "children": [], "task_id": result.id})
        done = datetime.datetime.fromisoformat(meta["date_done"])
        self.assertLess(abs((datetime.datetime.now(UTC) - done.replace(tzinfo=done.tzinfo or UTC)).total_seconds()), 10)

    def test_a_result_is_kept_for_a_day(self):
        result = add.delay(1, 1)
        self.get(result)
        self.assertAlmostEqual(self.redis.ttl(f"celery-task-meta-{result.id}"), 86_400, delta=60)

    def test_a_forgotten_result_is_gone(self):
        result = add.delay(1, 1)
        self.get(result)
        result.forget()
        self.assertIsNone(self.meta(result.id))

    def test_ignored_results_are_not_stored(self):
        after, last = new_id(), new_id()
        asked = add.apply_async((1, 2), ignore_result=True, link=ident.s().set(task_id=after))
        declared = no_result.apply_async((4,), link=ident.s().set(task_id=last))
        self.assertEqual(self.get(AsyncResult(after)), 3)
        self.assertEqual(self.get(AsyncResult(last)), 4)
        # The acknowledgement follows the record that is not written.
        eventually(lambda: self.redis.hlen("unacked") == 0, what="that nothing is unacknowledged")
        self.assertIsNone(self.meta(asked.id))
        self.assertIsNone(self.meta(declared.id))

    def test_progress_is_seen_while_it_runs(self):
        result = patient.delay(0.6)
        eventually(lambda: result.state == "PROGRESS", 5, what="the state PROGRESS")
        self.assertEqual(result.info, {"current": 1, "total": 2})
        self.assertFalse(result.ready())
        self.assertEqual(self.get(result), "slept")

    def test_headers_of_the_callers_own_travel(self):
        self.assertEqual(self.get(whoami.apply_async(headers={"x_note": "hello"}))["note"], "hello")

    def test_compressed_bodies(self):
        text = "again and again " * 1000
        for codec in ("zlib", "bzip2"):
            with self.subTest(codec=codec):
                self.assertEqual(self.get(ident.apply_async((text,), compression=codec)), text)


class OldAndForeign:
    """Messages of other makers."""

    def test_protocol_1(self):
        old = make_app(self.fleet.url, task_protocol=1)
        self.addCleanup(old.close)
        self.addCleanup(self.fleet.use)
        result = old.send_task("wapp.add", (2, 3))
        self.assertEqual(self.get(AsyncResult(result.id, app=self.app)), 5)
        result = old.send_task("wapp.add", (2,), {"y": 5}, countdown=0.3)
        self.assertEqual(self.get(AsyncResult(result.id, app=self.app)), 7)
        failed = new_id()
        result = old.send_task("wapp.fail", ("old",), link_error=errback.s().set(task_id=failed))
        self.assertEqual(self.get(AsyncResult(failed, app=self.app)), result.id)

    def publish(self, body, headers, content_type="application/json", encoding="utf-8"):
        with self.app.connection_for_write() as connection:
            producer = connection.Producer(serializer=None)
            producer.publish(
                body, routing_key="celery", headers=headers, content_type=content_type, content_encoding=encoding)

    def test_the_least_that_a_message_must_have(self):
        task_id = new_id()
        self.publish(json.dumps([[1], {"y": 2}, None]), {"task": "wapp.add", "id": task_id})
        self.assertEqual(self.get(AsyncResult(task_id)), 3)

    def test_times_in_all_spellings(self):
        past = "2020-01-01"
        for eta in (f"{past}T00:00:00Z", f"{past} 00:00:00", f"{past}T00:00:00.123456+02:00", f"{past}T00:00:00"):
            with self.subTest(eta=eta):
                task_id = new_id()
                self.publish(json.dumps([[1, 2], {}, {}]), {"task": "wapp.add", "id": task_id, "eta": eta})
                self.assertEqual(self.get(AsyncResult(task_id)), 3)

    def test_pickle_is_refused_with_a_failure(self):
        result = self.app.send_task("wapp.add", (1, 2), serializer="pickle")
        with self.assertRaises(Exception) as raised:
            self.get(result, timeout=5)
        self.assertEqual(result.state, "FAILURE", raised.exception)
        self.assertIn("pickle", str(raised.exception))

    def test_yaml_is_read(self):
        value = [1, "two", None, {"three": [True, 4.5]}]
        self.assertEqual(self.get(self.app.send_task("wapp.ident", (value,), serializer="yaml")), value)

    def test_content_of_an_unknown_kind_is_refused_with_a_failure(self):
        task_id = new_id()
        self.publish(b"<add/>", {"task": "wapp.add", "id": task_id}, "application/x-made-up", "binary")
        result = AsyncResult(task_id)
        with self.assertRaises(Exception) as raised:
            self.get(result, timeout=5)
        self.assertEqual(result.state, "FAILURE", raised.exception)

    def test_a_broken_message_does_not_stop_the_worker(self):
        self.publish(b"{not json", {"task": "wapp.add", "id": new_id()})
        self.publish(b"{}", {})
        self.publish(json.dumps([[1, 2], {}, {}]), {"task": "wapp.add", "id": new_id(), "eta": "no time"})
        self.assertEqual(self.get(add.delay(1, 2)), 3)

    def test_what_is_no_message_at_all_does_not_stop_the_worker(self):
        self.redis.lpush("celery", b"no envelope")
        self.assertEqual(self.get(add.delay(1, 2)), 3)


class Times:
    """Countdown, ETA, expiry, retries, limits."""

    def test_a_countdown(self):
        began = time.time()
        result = whoami.apply_async(countdown=0.7)
        self.assertGreaterEqual(self.get(result)["time"], began + 0.65)

    def test_an_eta_with_and_without_a_zone(self):
        at = datetime.datetime.now(UTC) + datetime.timedelta(seconds=0.7)
        zoned = whoami.apply_async(eta=at)
        other = whoami.apply_async(eta=at.astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30))))
        naive = whoami.apply_async(eta=at.replace(tzinfo=None))
        for result in (zoned, other, naive):
            ran = self.get(result)["time"]
            self.assertGreaterEqual(ran, at.timestamp() - 0.05)
            self.assertLess(ran, at.timestamp() + 3)

    def test_what_expired_is_revoked(self):
        results = [
            add.apply_async((1, 2), expires=datetime.datetime.now(UTC) - datetime.timedelta(seconds=5)),
            add.apply_async((1, 2), countdown=0.8, expires=0.2),
        ]
        for result in results:
            with self.assertRaises(TaskRevokedError) as raised:
                self.get(result)
            self.assertEqual(raised.exception.args, ("expired",))
            self.assertEqual(result.state, "REVOKED")
        self.assertEqual(self.get(add.apply_async((1, 2), expires=60)), 3)

    def test_retries_end_with_the_result(self):
        result = retry_then.delay(2, "done")
        self.assertEqual(self.get(result), ["done", 2])

    def test_a_waiting_retry_shows_its_cause(self):
        result = retry_then.delay(1, "done", countdown=1)
        eventually(lambda: result.state == "RETRY", 5, what="the state RETRY")
        self.assertIsInstance(result.info, ValueError)
        self.assertEqual(self.get(result), ["done", 1])

    def test_retries_that_are_used_up_end_with_the_cause(self):
        with self.assertRaises(ValueError) as raised:
            self.get(retry_then.delay(9, "never", countdown=0.05))
        self.assertEqual(raised.exception.args, ("again",))

    def test_a_retry_without_a_cause_ends_as_too_many(self):
        with self.assertRaises(Exception) as raised:
            self.get(retry_plain.delay())
        self.assertEqual(type(raised.exception).__name__, "MaxRetriesExceededError")
        self.assertTrue(str(raised.exception).startswith("Can't retry wapp.retry_plain["), raised.exception)
        self.assertTrue(str(raised.exception).endswith("] args:() kwargs:{}"), raised.exception)

    def test_a_hard_limit_ends_the_task(self):
        result = sleepy.apply_async((30,), time_limit=1)
        with self.assertRaises(TimeLimitExceeded) as raised:
            self.get(result)
        self.assertEqual([float(each) for each in raised.exception.args], [1.0])
        self.assertEqual(result.state, "FAILURE")

    def test_a_soft_limit_is_told_to_the_task(self):
        caught = patient.apply_async((30,), soft_time_limit=1)
        result = sleepy.apply_async((30,), soft_time_limit=1)
        self.assertEqual(self.get(caught), "stopped")
        with self.assertRaises(SoftTimeLimitExceeded):
            self.get(result)

    def test_limits_free_the_slot(self):
        stuck = [sleepy.apply_async((30,), time_limit=1) for _ in range(4)]
        self.assertEqual(self.get(add.delay(1, 2)), 3)
        for each in stuck:
            self.assertRaises(TimeLimitExceeded, self.get, each)


class Revocation:
    def test_a_task_that_waits_is_revoked(self):
        result = add.apply_async((1, 2), countdown=2)
        result.revoke()
        with self.assertRaises(TaskRevokedError):
            self.get(result)
        self.assertEqual(result.state, "REVOKED")

    def test_a_task_is_revoked_before_it_is_sent(self):
        task_id = new_id()
        self.app.control.revoke(task_id, reply=True, timeout=1)
        result = add.apply_async((1, 2), task_id=task_id)
        self.assertRaises(TaskRevokedError, self.get, result)

    def running(self, seconds):
        result = patient.delay(seconds)
        eventually(lambda: result.state == "PROGRESS", 5, what="the state PROGRESS")
        return result

    def test_a_running_task_is_terminated(self):
        result = self.running(30)
        result.revoke(terminate=True)
        with self.assertRaises(TaskRevokedError) as raised:
            self.get(result)
        self.assertEqual(raised.exception.args, ("terminated",))
        self.assertEqual(self.get(add.delay(1, 2)), 3)

    def test_a_running_task_is_not_stopped_by_a_plain_revoke(self):
        result = self.running(0.8)
        result.revoke()
        self.assertEqual(self.get(result), "slept")

    def test_a_group_is_revoked(self):
        result = group(add.si(1, 2) for _ in range(3)).apply_async(countdown=2)
        result.revoke()
        for each in result.results:
            self.assertRaises(TaskRevokedError, self.get, each)

    def test_tasks_are_revoked_by_their_stamps(self):
        signature = add.si(1, 2)
        signature.stamp(order=(stamp := new_id()))
        result = signature.apply_async(countdown=1)
        other = add.apply_async((1, 2), countdown=1)
        self.app.control.revoke_by_stamped_headers({"order": stamp}, reply=True, timeout=1)
        self.assertRaises(TaskRevokedError, self.get, result)
        self.assertEqual(self.get(other), 3)


class Links:
    def test_a_link_is_called_with_the_result(self):
        after = new_id()
        result = add.apply_async((1, 2), link=add.s(10).set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), 13)
        self.assertEqual([each.id for each in result.children], [after])
        after = new_id()
        replace_chain.apply_async((1, 2), link=add.s(10).set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), 40)
        after = new_id()
        replace_group.apply_async((2,), link=xsum.s().set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), 2)

    def test_the_error_links_move_to_the_replacement(self):
        after = new_id()
        failed = replace_with.apply_async(
            (chain(fail.s("bad").set(task_id="first-" + after), ident.s()),), link_error=errback.s().set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), "first-" + after)
        self.assertEqual(failed.state, "FAILURE")

    def test_several_links_and_an_immutable_one(self):
        ids = [new_id() for _ in range(3)]
        add.apply_async((1, 2), link=[
            add.s(10).set(task_id=ids[0]), add.si(5, 5).set(task_id=ids[1]), mul.s(y=4).set(task_id=ids[2])])
        self.assertEqual([self.get(AsyncResult(each)) for each in ids], [13, 10, 12])

    def test_a_link_that_is_a_chain(self):
        after = new_id()
        add.apply_async((1, 2), link=chain(add.s(1), mul.s(10).set(task_id=after)))
        self.assertEqual(self.get(AsyncResult(after)), 40)

    def test_an_error_link_is_called_with_the_id(self):
        after = new_id()
        result = fail.apply_async(link_error=errback.s().set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), result.id)
        self.assertRaises(ValueError, self.get, result)

    def test_links_of_a_retried_task_are_called_once_and_at_the_end(self):
        after = new_id()
        retry_then.apply_async((1, "v"), link=ident.s().set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), ["v", 1])

    def test_an_error_link_is_not_called_after_success(self):
        after = new_id()
        self.get(add.apply_async((1, 2), link_error=errback.s().set(task_id=after)))
        self.get(add.delay(1, 1))
        self.assertIsNone(self.meta(after))


class Chains:
    def test_a_chain(self):
        result = (add.s(1, 2) | add.s(3) | mul.s(4)).apply_async()
        self.assertEqual(self.get(result), 24)
        self.assertEqual(result.parent.result, 6)
        self.assertEqual(result.parent.parent.result, 3)

    def test_a_long_chain(self):
        self.assertEqual(self.get(chain(add.s(0, 0), *(add.s(1) for _ in range(30))).apply_async(), timeout=20), 30)

    def test_a_chain_whose_middle_fails(self):
        result = chain(add.s(1, 2), fail_after.s("middle"), add.s(1), add.s(2)).apply_async()
        with self.assertRaises(ValueError) as raised:
            self.get(result)
        self.assertEqual(raised.exception.args, ("middle",))
        # The rest is recorded with the same failure, so that nobody waits for it.
        eventually(lambda: (result.state, result.parent.state) == ("FAILURE", "FAILURE"), what="the rest's failure")
        self.assertEqual(result.parent.parent.parent.state, "SUCCESS")

    def test_an_error_link_of_a_chain(self):
        after = new_id()
        result = chain(add.s(1, 2), fail_after.s("middle"), add.s(1)).apply_async(
            link_error=errback.s().set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), result.parent.id)

    def test_an_immutable_step(self):
        self.assertEqual(self.get(chain(add.s(1, 2), add.si(5, 5), add.s(1)).apply_async()), 11)

    def test_who_is_parent_and_root(self):
        result = chain(whoami.s(), whoami.s(), whoami.s()).apply_async()
        last = self.get(result)
        first = result.parent.parent.get()
        self.assertEqual(last["root_id"], first["id"])
        self.assertEqual(last["parent_id"], result.parent.id)
        self.assertEqual(first["root_id"], first["id"])
        self.assertIsNone(first["parent_id"])

    def test_a_chain_with_a_group_at_its_end(self):
        result = chain(add.s(1, 1), group(add.s(i) for i in range(4))).apply_async()
        self.assertEqual(self.get(result), [2, 3, 4, 5])

    def test_steps_keep_their_own_options(self):
        began = time.time()
        result = chain(add.s(1, 2), whoami.s().set(countdown=0.7, headers={"x_note": "late"})).apply_async()
        answer = self.get(result)
        self.assertGreaterEqual(answer["time"], began + 0.65)
        self.assertEqual(answer["note"], "late")


class Groups:
    def test_a_group(self):
        result = group(add.s(i, i) for i in range(10)).apply_async()
        self.assertEqual(self.get(result), [2 * i for i in range(10)])
        self.assertEqual(result.completed_count(), 10)
        self.assertTrue(result.successful())

    def test_a_group_with_a_failure(self):
        result = group(add.s(1, 1), fail.s("one"), add.s(2, 2)).apply_async()
        with self.assertRaises(ValueError):
            self.get(result)
        got = self.get(result, propagate=False)
        self.assertEqual((got[0], got[2]), (2, 4))
        self.assertTrue(result.failed())

    def test_a_group_is_saved_and_restored(self):
        result = group(whoami.s() for _ in range(3)).apply_async()
        result.save()
        again = GroupResult.restore(result.id, app=self.app)
        answers = self.get(again)
        self.assertEqual([each["id"] for each in answers], [each.id for each in result.results])
        self.assertEqual({each["group"] for each in answers}, {result.id})

    def test_a_group_of_groups(self):
        # Celery flattens them.
        result = group(group([add.s(i, j) for j in range(3)]) for i in range(2)).apply_async()
        self.assertEqual(self.get(result), [0, 1, 2, 1, 2, 3])

    def test_partial_arguments_go_to_every_member(self):
        self.assertEqual(self.get(group(add.s(i) for i in range(3)).apply_async((10,))), [10, 11, 12])

    def test_map_starmap_and_chunks(self):
        self.assertEqual(self.get(xsum.map([[1, 2], [3, 4], [5]]).apply_async()), [3, 7, 5])
        self.assertEqual(self.get(add.starmap([(1, 2), (3, 4)]).apply_async()), [3, 7])
        chunks = add.chunks([(i, i) for i in range(7)], 3)
        self.assertEqual(self.get(chunks.apply_async()), [[0, 2, 4], [6, 8, 10], [12]])


class Chords:
    def keys_of(self, result):
        """What is left of a chord's bookkeeping, without the claim that stays for a while."""
        gid = result.parent.id if result.parent is not None else ""
        return sorted(key for key in self.redis.keys(f"celery-taskset-meta-{gid}*") if not key.endswith(b".c"))

    def test_a_chord(self):
        result = chord([add.s(i, i) for i in range(10)], xsum.s()).apply_async()
        self.assertEqual(self.get(result), 90)
        self.assertEqual([each.result for each in result.parent.results], [2 * i for i in range(10)])
        # A client's group result may be saved; the counters must be gone.
        eventually(lambda: not [k for k in self.keys_of(result) if k[-2:] in (b".j", b".s", b".t", b".d")],
                   what="that the counters are gone")

    def test_the_body_gets_the_results_in_order(self):
        header = [sleepy.s(0.3 if i == 0 else 0, i) for i in range(5)]
        self.assertEqual(self.get(chord(header, ident.s()).apply_async()), [0, 1, 2, 3, 4])

    def test_a_big_chord(self):
        result = chord([add.s(i, 1) for i in range(200)], xsum.s()).apply_async()
        self.assertEqual(self.get(result, timeout=30), sum(range(1, 201)))

    def test_a_chord_of_one(self):
        self.assertEqual(self.get(chord([add.s(1, 1)], ident.s()).apply_async()), [2])

    def test_an_empty_chord(self):
        self.assertEqual(self.get(chord([], ident.s()).apply_async()), [])

    def test_an_immutable_body(self):
        self.assertEqual(self.get(chord([add.s(1, 1), add.s(2, 2)], add.si(3, 4)).apply_async()), 7)

    def test_a_chord_with_a_failing_member(self):
        after = new_id()
        body = xsum.s().on_error(errback.s().set(task_id=after))
        result = chord([add.s(1, 1), fail.s("member"), add.s(2, 2)], body).apply_async()
        with self.assertRaises(ChordError) as raised:
            self.get(alone(result))
        failed = result.parent.results[1].id
        self.assertIn(failed, str(raised.exception))
        self.assertIn("member", str(raised.exception))
        self.assertEqual(self.get(AsyncResult(after)), result.id)

    def test_a_chord_whose_member_fails_ends_the_chain_behind_it(self):
        result = chain(chord([add.s(1, 1), fail.s("member")], xsum.s()), add.s(1), add.s(2)).apply_async()
        self.assertRaises(ChordError, self.get, alone(result))

    def test_a_member_that_is_tried_again(self):
        result = chord([add.s(1, 1), retry_then.s(1, "x")], ident.s()).apply_async()
        self.assertEqual(self.get(result), [2, ["x", 1]])

    def test_a_member_that_expired(self):
        result = chord([add.s(1, 1), add.s(1, 2).set(expires=-5)], ident.s()).apply_async()
        self.assertRaises(ChordError, self.get, alone(result))

    def test_a_member_that_is_revoked(self):
        late = new_id()
        result = chord([add.s(1, 1), add.s(1, 2).set(task_id=late, countdown=1)], ident.s()).apply_async()
        self.app.control.revoke(late)
        self.assertRaises(ChordError, self.get, alone(result))

    def test_a_member_that_runs_too_long(self):
        result = chord([add.s(1, 1), sleepy.s(30).set(time_limit=1)], ident.s()).apply_async()
        with self.assertRaises(ChordError) as raised:
            self.get(alone(result))
        self.assertIn("TimeLimitExceeded", str(raised.exception))

    def test_members_whose_results_are_ignored_count(self):
        result = chord([add.s(i, i).set(ignore_result=True) for i in range(3)], ident.s()).apply_async()
        self.assertEqual(self.get(result), [0, 2, 4])

    def test_an_unknown_member_fails_the_chord(self):
        header = [add.s(1, 1), self.app.signature("wapp.nothing")]
        result = chord(header, ident.s()).apply_async()
        self.assertRaises(ChordError, self.get, alone(result), timeout=5)

    def test_a_body_that_fails(self):
        result = chord([add.s(1, 1), add.s(2, 2)], fail_after.s("body")).apply_async()
        with self.assertRaises(ValueError) as raised:
            self.get(result)
        self.assertEqual(raised.exception.args, ("body",))

    def test_a_link_of_a_chord_belongs_to_its_body(self):
        after = new_id()
        chord([add.s(1, 1), add.s(2, 2)], xsum.s()).apply_async(link=add.s(100).set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), 106)


class Nested:
    """Workflows in workflows."""

    def test_chain_chord_chain(self):
        result = chain(
            add.s(1, 1), group(add.s(i) for i in range(5)), xsum.s(), add.s(100), mul.s(2)).apply_async()
        self.assertEqual(self.get(result), 240)

    def test_chord_after_chord(self):
        result = chain(
            group(add.s(i, i) for i in range(3)), group(xsum.s(), ident.s()), ident.s()).apply_async()
        self.assertEqual(self.get(result), [6, [0, 2, 4]])

    def test_a_group_of_chords(self):
        result = group(
            chord([add.s(i, j) for j in range(3)], xsum.s()) for i in range(4)).apply_async()
        self.assertEqual(self.get(result), [3, 6, 9, 12])

    def test_a_chord_of_chords(self):
        result = chord([chord([add.s(i, 1), add.s(i, 2)], xsum.s()) for i in range(3)], ident.s()).apply_async()
        self.assertEqual(self.get(result), [3, 5, 7])

    def test_a_chord_of_chains(self):
        result = chord([chain(add.s(i, 1), mul.s(10)) for i in range(3)], ident.s()).apply_async()
        self.assertEqual(self.get(result), [10, 20, 30])

    def test_a_chord_of_groups(self):
        result = chord([group(add.s(1, 1), add.s(2, 2)), add.s(3, 3)], xsum.s()).apply_async()
        self.assertEqual(self.get(result), 12)

    def test_a_chain_in_a_chord_that_fails(self):
        result = chord([chain(add.s(1, 1), fail_after.s("in"), add.s(1)), add.s(1, 1)], ident.s()).apply_async()
        self.assertRaises(ChordError, self.get, alone(result))

    def test_a_chord_whose_body_is_a_group(self):
        result = chord([add.s(1, 1), add.s(2, 2)], group(xsum.s(), ident.s())).apply_async()
        self.assertEqual(self.get(result), [6, [2, 4]])

    def test_a_chord_whose_body_is_a_chain(self):
        result = chord([add.s(1, 1), add.s(2, 2)], chain(xsum.s(), mul.s(10))).apply_async()
        self.assertEqual(self.get(result), 60)

    def test_a_chord_whose_body_is_a_chord(self):
        inner = chord([xsum.s(), xsum.s()], ident.s())
        result = chord([add.s(1, 1), add.s(2, 2)], inner).apply_async()
        self.assertEqual(self.get(result), [6, 6])

    def test_a_chain_of_chains_and_chords(self):
        result = chain(
            chain(add.s(1, 1), add.s(1)), chord([add.s(1), add.s(2)], xsum.s()), chain(add.s(1), mul.s(2))
        ).apply_async()
        self.assertEqual(self.get(result), 20)

    def test_three_levels(self):
        inner = group(chain(add.s(1), group(add.s(1), add.s(2)), xsum.s()) for _ in range(3))
        result = chain(add.s(0, 0), inner, xsum.s()).apply_async()
        self.assertEqual(self.get(result), 15)


class Replacement:
    def test_a_task_replaces_itself(self):
        self.assertEqual(self.get(replace.delay(2, 3)), 5)

    def test_a_replacement_in_a_chain(self):
        self.assertEqual(self.get(chain(replace.s(1, 2), add.s(10)).apply_async()), 13)

    def test_a_replacement_by_a_chain(self):
        self.assertEqual(self.get(replace_chain.delay(1, 2)), 30)
        self.assertEqual(self.get(chain(replace_chain.s(1, 2), add.s(1)).apply_async()), 31)

    def test_a_replacement_by_a_group(self):
        self.assertEqual(self.get(replace_group.delay(3)), [0, 2, 4])

    def test_a_replacement_in_a_chord(self):
        result = chord([replace.s(1, 2), replace_chain.s(1, 1), add.s(1, 1)], ident.s()).apply_async()
        self.assertEqual(self.get(result), [3, 20, 2])

    def test_a_replacement_by_a_group_in_a_chain_and_in_a_chord(self):
        self.assertEqual(self.get(chain(replace_group.s(3), xsum.s()).apply_async()), 6)
        result = chord([replace_group.s(3), add.s(1, 1)], ident.s()).apply_async()
        self.assertEqual(self.get(result), [[0, 2, 4], 2])

    def test_a_replacement_by_a_chord(self):
        result = replace_with.delay(chord([add.s(1, 1), add.s(2, 2)], xsum.s()))
        self.assertEqual(self.get(result), 6)

    def test_a_replacement_by_a_chain_that_ends_in_a_group(self):
        result = replace_with.delay(chain(add.s(1, 1), group(add.s(1), add.s(2))))
        self.assertEqual(self.get(result), [3, 4])

    def test_a_replacement_in_a_replacement(self):
        self.assertEqual(self.get(replace_with.delay(chain(replace_chain.s(1, 2), add.s(1)))), 31)
        self.assertEqual(self.get(replace_with.delay(group(replace_group.s(2), replace_chain.s(1, 1)))), [[0, 2], 20])
        last = replace_with.si(chain(add.s(1, 1), mul.s(5)))
        self.assertEqual(self.get(replace_with.delay(chain(ident.s(0), last))), 10)

    def test_the_last_step_runs_under_the_id_of_what_it_replaces(self):
        result = replace_with.delay(chain(ident.s(0), whoami.s()))
        answer = self.get(result)
        self.assertEqual([answer["id"], answer["root_id"]], [result.id, result.id])
        self.assertNotEqual(answer["parent_id"], result.id)

    def test_a_failure_in_a_chain_that_replaces(self):
        for steps in (chain(fail.s("bad"), ident.s()), chain(ident.s(0), fail_after.s("bad"))):
            result = replace_with.delay(steps)
            with self.assertRaisesRegex(ValueError, "bad"):
                self.get(result)
            self.assertEqual(result.state, "FAILURE")

    def test_a_failure_in_a_group_that_replaces(self):
        result = replace_with.delay(group(add.s(1, 1), fail.s("bad")))
        with self.assertRaisesRegex(ChordError, "bad"):
            self.get(result)

    def test_a_failed_replacement_fails_the_chord_that_it_is_in(self):
        result = chord([add.s(1, 1), replace_with.s(chain(fail.s("bad"), ident.s()))], ident.s()).apply_async()
        with self.assertRaisesRegex(ChordError, "bad"):
            self.get(alone(result))

    def test_a_failed_replacement_fails_the_chain_that_it_is_in(self):
        result = chain(replace_with.s(chain(fail.s("bad"), ident.s())), ident.s()).apply_async()
        with self.assertRaisesRegex(ValueError, "bad"):
            self.get(alone(result))

    def test_the_links_move_to_the_replacement(self):
        after = new_id()
        replace.apply_async((1, 2), link=add.s(10).set(task_id=after))
        self.assertEqual(self.get(AsyncResult(after)), 13)


class Trees:
    def test_children_and_their_results(self):
        result = spawn.delay(3)
        ids = self.get(result)
        self.assertEqual([each.id for each in result.children], ids)
        self.assertEqual([self.get(each) for each in result.children], [0, 2, 4])
        collected = [value for _, value in result.collect(intermediate=True)]
        self.assertEqual(sorted(collected[1:]), [0, 2, 4])

    def test_stamps_travel_through_a_workflow(self):
        signature = chain(whoami.s(), whoami.s())
        signature.stamp(order="o-17")
        result = signature.apply_async()
        for answer in (self.get(result), self.get(result.parent)):
            self.assertEqual(answer["stamped_headers"], ["order"])
            self.assertIn("order", answer["stamps"])

    def test_limits_are_in_the_request(self):
        answer = self.get(whoami.apply_async(time_limit=30, soft_time_limit=20))
        self.assertEqual(answer["timelimit"], [30, 20])

    def test_the_worker_is_named_as_it_was_told(self):
        self.assertEqual(self.get(whoami.delay())["worker"], self.fleet.worker.node)


class Order:
    def test_urgent_tasks_are_run_first(self):
        """On Redis 0 is the most urgent, and a message without a priority has 0. Our workers take one task out of turn now
        and then, so that the least urgent ones do not starve: one of eight at most."""
        queue = f"prio-{new_id()}"
        results = [
            whoami.apply_async(queue=queue, priority=priority) for priority in (9, 6, 3, 0, 9, 6, 3, 0)]
        worker = self.fleet.more(name=f"prio-{type(self).__name__}", queues=queue, concurrency=1)
        try:
            ran = sorted(range(8), key=[self.get(each, timeout=20)["time"] for each in results].__getitem__)
        finally:
            worker.stop()
            worker.close()
        expected = [3, 7, 2, 6, 1, 5, 0, 4]
        self.assertTrue(any(
            [each for each in ran if each != odd] == [each for each in expected if each != odd] for odd in expected), ran)


CASES = (Calls, OldAndForeign, Times, Revocation, Links, Chains, Groups, Chords, Nested, Replacement, Trees, Order)


class PythonDoesNot:
    """Where a worker of Python's does worse, and what it does."""

    def assert_hangs(self, result):
        with self.assertRaises(Exception):
            self.get(result, timeout=1)
        self.assertEqual(result.state, "PENDING")

    def test_pickle_is_refused_with_a_failure(self):
        self.assert_hangs(self.app.send_task("wapp.add", (1, 2), serializer="pickle"))

    def test_content_of_an_unknown_kind_is_refused_with_a_failure(self):
        task_id = new_id()
        self.publish(b"<add/>", {"task": "wapp.add", "id": task_id}, "application/x-made-up", "binary")
        self.assert_hangs(AsyncResult(task_id))

    def test_yaml_is_read(self):
        """Not unless it is allowed in `accept_content`."""
        self.assert_hangs(self.app.send_task("wapp.ident", (1,), serializer="yaml"))

    def test_an_unknown_member_fails_the_chord(self):
        result = chord([add.s(1, 1), self.app.signature("wapp.nothing")], ident.s()).apply_async()
        self.assert_hangs(result)

    def test_what_is_no_message_at_all_does_not_stop_the_worker(self):
        """A worker of Python's loses its connection over it, again and again: not asked."""


def load_tests(loader, standard_tests, pattern):
    """The cases for both kinds of worker, one kind after the other, so that few servers run at once."""
    suite = unittest.TestSuite()
    for side, worse in ((OnPython, vars(PythonDoesNot)), (OnSwift, {})):
        for cases in CASES:
            body = {name: value for name, value in worse.items()
                    if hasattr(cases, name) and name.startswith("test_") or name.startswith("assert_")}
            suite.addTests(loader.loadTestsFromTestCase(
                type(f"{cases.__name__}{side.__name__}", (cases, side), {**body, "__module__": __name__})))
    return suite


if __name__ == "__main__":
    unittest.main()
