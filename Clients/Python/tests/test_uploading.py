"""Stock uploads that break and go on."""

import threading
import unittest
from collections.abc import Iterator

import grpc

import dms_client
from dms_client import inventory
from dms_client.upload_window import Step, UploadWindow
from fake_server import FakeServer, fail

STREAM = "/dms.inventory.v1.InventoryService/StreamInventory"
QUICK = dms_client.RetrySettings(backoff_first=0.001, backoff_max=0.002)


def events(number: int) -> list[inventory.InventoryEvent]:
    return [inventory.InventoryEvent(sku=str(place)) for place in range(1, number + 1)]


class Ledger:
    """A server's side of the stream, which breaks off after so many batches of each opening."""

    def __init__(self, breaks: list[int], start: int = 0) -> None:
        self.breaks = breaks
        self.skus: list[str] = []
        self.last = start
        self.under_way_max = 0

    def handle(
        self, requests: Iterator[inventory.StreamInventoryRequest], context: grpc.ServicerContext
    ) -> Iterator[inventory.StreamInventoryResponse]:
        batches = self.breaks.pop(0) if self.breaks else -1
        for request in requests:
            if request.WhichOneof("message") == "open":
                yield inventory.StreamInventoryResponse(opened=inventory.StreamOpened(last_sequence=self.last))
                continue
            if batches == 0:
                fail(context, grpc.StatusCode.UNAVAILABLE, "broken off", "SHUTTING_DOWN")
            batches -= 1
            rejected = []
            for event in request.batch.events:
                if event.sequence != self.last + 1:
                    raise AssertionError(f"{event.sequence} after {self.last}")
                self.last = event.sequence
                self.skus.append(event.sku)
                if event.sku == "13":
                    rejected.append(inventory.RejectedEvent(sequence=event.sequence, reason="UNKNOWN_SKU"))
            yield inventory.StreamInventoryResponse(ack=inventory.EventAck(
                last_sequence=self.last, applied_count=len(request.batch.events) - len(rejected), rejected=rejected))


class Uploading(unittest.TestCase):
    def setUp(self) -> None:
        self.server = FakeServer().__enter__()
        self.addCleanup(self.server.__exit__)
        self.dms = dms_client.connect(self.server.address, retries=QUICK)
        self.addCleanup(self.dms.close)

    def serve(self, ledger: Ledger) -> None:
        self.server.exchanges[STREAM] = (inventory.StreamInventoryRequest, ledger.handle)

    def test_breaks_are_resumed_and_every_event_arrives_once_in_its_place(self) -> None:
        ledger = Ledger([2, 0, 5])
        self.serve(ledger)
        updates: list[dms_client.UploadUpdate] = []
        summary = self.dms.inventory.upload(
            dms_client.ListedEvents(events(250)), dealer_id="1", source_name="pos",
            options=dms_client.UploadOptions(batch_max=10, window_max=40), on_update=updates.append)
        self.assertEqual(ledger.skus, [str(place) for place in range(1, 251)])
        self.assertEqual((summary.last_sequence, summary.rejected_count, summary.resumptions), (250, 1, 3))
        self.assertEqual(sum(isinstance(update, dms_client.Opened) for update in updates), 4)
        self.assertEqual(sum(isinstance(update, dms_client.Interrupted) for update in updates), 3)
        self.assertEqual([update.events[0].sequence for update in updates if isinstance(update, dms_client.Rejected)], [13])

    def test_a_second_run_goes_on_where_the_first_came_to(self) -> None:
        ledger = Ledger([], start=40)
        self.serve(ledger)
        summary = self.dms.inventory.upload(dms_client.ListedEvents(events(50)), dealer_id="1", source_name="pos")
        self.assertEqual(ledger.skus, [str(place) for place in range(41, 51)])
        self.assertEqual(summary.applied_count, 10)

    def test_events_are_handed_over_while_the_upload_runs(self) -> None:
        ledger = Ledger([1, 1, 1], start=7)
        self.serve(ledger)
        source = dms_client.BufferedEvents(capacity=5)

        def hand_over() -> None:
            for event in events(100):
                source.append(event, timeout=20)
            source.finish()

        thread = threading.Thread(target=hand_over)
        thread.start()
        summary = self.dms.inventory.upload(source, dealer_id="1", source_name="pos")
        thread.join()
        self.assertEqual(ledger.skus, [str(place) for place in range(1, 101)])
        self.assertEqual((summary.last_sequence, summary.resumptions, len(source)), (107, 3, 0))
        with self.assertRaises(dms_client.UploadError):
            source.append(inventory.InventoryEvent())

    def test_a_fenced_upload_ends(self) -> None:
        def handle(
            requests: Iterator[inventory.StreamInventoryRequest], context: grpc.ServicerContext
        ) -> Iterator[inventory.StreamInventoryResponse]:
            yield inventory.StreamInventoryResponse(opened=inventory.StreamOpened())
            fail(context, grpc.StatusCode.ABORTED, "a newer stream has taken over", "FENCED")

        self.server.exchanges[STREAM] = (inventory.StreamInventoryRequest, handle)
        with self.assertRaises(dms_client.DMSError) as caught:
            self.dms.inventory.upload(dms_client.BufferedEvents(), dealer_id="1", source_name="pos")
        self.assertEqual(caught.exception.reason, "FENCED")

    def test_what_the_source_raises_ends_the_upload(self) -> None:
        class Broken(dms_client.ListedEvents):
            def events(self, after: int, limit: int, timeout: float) -> list[inventory.InventoryEvent]:
                raise LookupError("no such table")

        self.serve(Ledger([]))
        with self.assertRaisesRegex(LookupError, "no such table"):
            self.dms.inventory.upload(Broken([]), dealer_id="1", source_name="pos")

    def test_what_the_callback_raises_ends_the_upload(self) -> None:
        def refuse(update: dms_client.UploadUpdate) -> None:
            raise LookupError("enough")

        self.serve(Ledger([]))
        with self.assertRaisesRegex(LookupError, "enough"):
            self.dms.inventory.upload(
                dms_client.ListedEvents(events(5)), dealer_id="1", source_name="pos", on_update=refuse)

    def test_a_server_that_fell_back_behind_what_is_kept_is_told(self) -> None:
        source = dms_client.BufferedEvents()
        source.resume(100)
        with self.assertRaisesRegex(dms_client.UploadError, "start a new epoch"):
            source.resume(99)
        with self.assertRaisesRegex(dms_client.UploadError, "another upload"):
            source.resume(101)


class Windows(unittest.TestCase):
    def test_no_more_than_the_window_is_under_way(self) -> None:
        window = UploadWindow(batch_max=4, window_max=6)
        self.assertEqual(window.step, Step("wait"))
        window.opened(10)
        self.assertEqual(window.step, Step("fetch", 10, 4))
        window.sending([11, 12, 13, 14])
        self.assertEqual(window.step, Step("fetch", 14, 2))
        window.sending([15, 16])
        self.assertEqual(window.step, Step("wait"))
        self.assertTrue(window.acknowledged(14))
        self.assertFalse(window.acknowledged(14))
        self.assertEqual(window.step, Step("fetch", 16, 4))
        window.sending([])
        self.assertEqual(window.step, Step("wait"))
        window.acknowledged(16)
        self.assertEqual(window.step, Step("finish"))
        self.assertTrue(window.is_complete)

    def test_gaps_and_answers_without_sense_are_refused(self) -> None:
        window = UploadWindow(batch_max=4, window_max=6)
        with self.assertRaises(dms_client.UploadError):
            window.acknowledged(1)
        window.opened(0)
        for sequences in ([2], [1, 1], [1, 3]):
            with self.subTest(sequences), self.assertRaises(dms_client.UploadError):
                window.sending(sequences)
        with self.assertRaises(dms_client.UploadError):
            window.acknowledged(1)
        for _ in range(3):
            window.resync_required(1)
        with self.assertRaises(dms_client.UploadError):
            window.resync_required(1)


if __name__ == "__main__":
    unittest.main()
