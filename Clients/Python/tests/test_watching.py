"""Watches that break and go on."""

import threading
import unittest
from collections.abc import Iterator, Sequence

import grpc

import dms_client
from dms_client import admin, common, order
from fake_server import FakeServer, Handler, each, fail, until_cancelled

WATCH = "/dms.order.v1.OrderService/WatchOrders"
WHO = "/dms.admin.v1.AdminService/WhoAmI"
QUICK = dms_client.RetrySettings(backoff_first=0.001, backoff_max=0.002)


def change(revision: int, order_id: str) -> order.WatchOrdersResponse:
    return order.WatchOrdersResponse(revision=revision, order=order.Order(order_id=order_id))


class Watching(unittest.TestCase):
    def setUp(self) -> None:
        self.asked: list[int] = []
        self.server = FakeServer().__enter__()
        self.addCleanup(self.server.__exit__)
        self.dms = dms_client.connect(self.server.address, retries=QUICK)
        self.addCleanup(self.dms.close)

    def serve(self, *steps: Sequence[order.WatchOrdersResponse | grpc.StatusCode]) -> None:
        """Each opening is answered by the next step: messages, perhaps a code that ends it."""

        def handler(step: Sequence[order.WatchOrdersResponse | grpc.StatusCode]) -> Handler:
            def handle(
                request: order.WatchOrdersRequest, context: grpc.ServicerContext
            ) -> Iterator[order.WatchOrdersResponse]:
                self.asked.append(request.after_revision)
                for message in step:
                    if isinstance(message, grpc.StatusCode):
                        reason = "REVISION_COMPACTED" if message is grpc.StatusCode.OUT_OF_RANGE else "WATCHER_TOO_SLOW"
                        fail(context, message, "broken off", reason)
                    else:
                        yield message

            return handle

        self.server.streams[WATCH] = (order.WatchOrdersRequest, each(*map(handler, steps)))

    def test_a_break_is_resumed_after_the_last_revision(self) -> None:
        self.serve(
            [change(5, "a"), change(6, "b"), grpc.StatusCode.UNAVAILABLE],
            [grpc.StatusCode.UNAVAILABLE],
            [change(7, "c")],
            [order.WatchOrdersResponse(revision=9, progress=common.Progress(revision=9)), change(10, "d")])
        with self.dms.orders.watch_orders(after=4) as watch:
            events = [next(watch) for _ in range(5)]
            self.assertEqual([event.resource and event.resource.order_id for event in events], ["a", "b", "c", None, "d"])
            self.assertEqual(watch.revision, 10)
            self.assertEqual(watch.resumptions, 3)
        self.assertEqual(self.asked, [4, 6, 6, 7])

    def test_a_compacted_log_ends_the_watch(self) -> None:
        self.serve([grpc.StatusCode.OUT_OF_RANGE])
        watch = self.dms.orders.watch_orders(after=1)
        with self.assertRaises(dms_client.DMSError) as caught:
            next(watch)
        self.assertEqual(caught.exception.reason, "REVISION_COMPACTED")
        self.assertIn("List everything again", caught.exception.remedy or "")
        self.assertEqual(list(watch), [], "it has ended")

    def test_a_revision_that_falls_is_an_error(self) -> None:
        self.serve([change(5, "a"), change(4, "b")])
        watch = self.dms.orders.watch_orders()
        next(watch)
        with self.assertRaisesRegex(dms_client.DMSError, "went back"):
            next(watch)

    def test_now_is_asked_for_before_the_stream_is_opened(self) -> None:
        self.server.unary[WHO] = (admin.WhoAmIRequest, lambda request, context: admin.WhoAmIResponse(revision=41))
        self.serve([grpc.StatusCode.UNAVAILABLE], [change(42, "a")])
        with self.dms.orders.watch_orders(after=dms_client.NOW) as watch:
            next(watch)
        self.assertEqual(self.asked, [41, 41])

    def test_closing_from_another_thread_ends_the_iteration(self) -> None:
        opened = threading.Event()

        def handle(request: order.WatchOrdersRequest, context: grpc.ServicerContext) -> Iterator[order.WatchOrdersResponse]:
            yield change(1, "a")
            opened.set()
            yield from until_cancelled(context)

        self.server.streams[WATCH] = (order.WatchOrdersRequest, handle)
        watch = self.dms.orders.watch_orders()

        def close() -> None:
            opened.wait(10)
            watch.close()

        closer = threading.Thread(target=close)
        closer.start()
        self.assertEqual([event.revision for event in watch], [1])
        closer.join()

    def test_a_server_that_never_answers_is_given_up(self) -> None:
        with dms_client.connect("http://127.0.0.1:1", timeout=0.2, retries=QUICK) as dms:
            with self.assertRaises(dms_client.DMSError) as caught:
                next(dms.orders.watch_orders())
        self.assertEqual(caught.exception.code, grpc.StatusCode.UNAVAILABLE)


if __name__ == "__main__":
    unittest.main()
