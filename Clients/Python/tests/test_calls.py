"""Errors, retries and pages."""

import unittest

import grpc
from google.protobuf.duration_pb2 import Duration

import dms_client
from dms_client import admin, order
from dms_client._generated.rpc import error_details_pb2 as details
from dms_client.retries import Backoff, Reconnection, RetryAllowance
from fake_server import FakeServer, each, fail

GET = "/dms.order.v1.OrderService/GetOrder"
PLACE = "/dms.order.v1.OrderService/PlaceOrder"
LIST = "/dms.admin.v1.AdminService/ListDealers"
QUICK = dms_client.RetrySettings(backoff_first=0.001, backoff_max=0.002)


class Failures(unittest.TestCase):
    def test_every_detail_of_an_error_arrives(self) -> None:
        violation = details.BadRequest.FieldViolation(field="order.lines[0].quantity", description="It must be 1 or more.")
        rule = details.PreconditionFailure.Violation(type="CREDIT_EXCEEDED", subject="dealer/1", description="Too much.")
        quota = details.QuotaFailure.Violation(subject="queue", description="It is full.")
        with FakeServer() as server:
            server.unary[GET] = (order.GetOrderRequest, lambda request, context: fail(
                context, grpc.StatusCode.FAILED_PRECONDITION, "the order is blocked", "RULE_BLOCKED",
                details.BadRequest(field_violations=[violation]), details.PreconditionFailure(violations=[rule]),
                details.QuotaFailure(violations=[quota]), details.RetryInfo(retry_delay=Duration(seconds=1, nanos=5 * 10**8)),
                details.ResourceInfo(resource_type="order", resource_name="4711"), Duration(seconds=1)))
            with dms_client.connect(server.address) as dms, self.assertRaises(dms_client.DMSError) as caught:
                dms.orders.get_order(order.GetOrderRequest(order_id="4711"))
        error = caught.exception
        self.assertEqual((error.code, error.reason), (grpc.StatusCode.FAILED_PRECONDITION, "RULE_BLOCKED"))
        self.assertEqual(error.metadata, {"current_etag": "7"})
        self.assertEqual(error.field_violations[0].field, "order.lines[0].quantity")
        self.assertEqual(error.precondition_violations[0].rule, "CREDIT_EXCEEDED")
        self.assertEqual(error.quota_violations[0].subject, "queue")
        self.assertEqual(error.retry_delay, 1.5)
        self.assertEqual(error.resource, dms_client.Resource("order", "4711", ""))
        self.assertFalse(error.is_transient)
        self.assertEqual(str(error).splitlines()[0], "FAILED_PRECONDITION RULE_BLOCKED: the order is blocked")
        self.assertEqual(len(str(error).splitlines()), 4)

    def test_damaged_details_leave_the_code(self) -> None:
        def answer(request: order.GetOrderRequest, context: grpc.ServicerContext) -> None:
            context.set_trailing_metadata((("grpc-status-details-bin", b"\xff\xff"),))
            context.abort(grpc.StatusCode.NOT_FOUND, "no such order")

        with FakeServer() as server:
            server.unary[GET] = (order.GetOrderRequest, answer)
            with dms_client.connect(server.address) as dms, self.assertRaises(dms_client.DMSError) as caught:
                dms.orders.get_order(order.GetOrderRequest())
        self.assertEqual((caught.exception.code, caught.exception.reason), (grpc.StatusCode.NOT_FOUND, ""))

    def test_nobody_there_is_unavailable(self) -> None:
        with dms_client.connect("http://127.0.0.1:1", timeout=0.3) as dms, self.assertRaises(dms_client.DMSError) as caught:
            dms.orders.place_order(order.PlaceOrderRequest())
        self.assertIn(caught.exception.code, (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED))
        self.assertTrue(caught.exception.is_outcome_unknown)
        self.assertIsNotNone(caught.exception.remedy)


class Retries(unittest.TestCase):
    def test_a_write_keeps_its_request_id_over_its_tries(self) -> None:
        ids = []

        def unavailable(request: order.PlaceOrderRequest, context: grpc.ServicerContext) -> None:
            ids.append(request.request_id)
            fail(context, grpc.StatusCode.UNAVAILABLE, "not now", "OUTCOME_UNKNOWN")

        def placed(request: order.PlaceOrderRequest, context: grpc.ServicerContext) -> order.PlaceOrderResponse:
            ids.append(request.request_id)
            return order.PlaceOrderResponse(order=order.Order(order_id="1"))

        with FakeServer() as server:
            server.unary[PLACE] = (order.PlaceOrderRequest, each(unavailable, unavailable, placed))
            with dms_client.connect(server.address, api_key="secret", retries=QUICK) as dms:
                request = order.PlaceOrderRequest()
                self.assertEqual(dms.orders.place_order(request).order.order_id, "1")
        self.assertEqual(len(ids), 3)
        self.assertEqual(len(set(ids)), 1)
        self.assertEqual(len(ids[0]), 36)
        self.assertEqual(request.request_id, "", "the caller's message stays as it was")
        self.assertTrue(all(each["authorization"] == "Bearer secret" for each in server.metadata))

    def test_the_servers_delay_is_waited_for_and_a_short_timeout_does_not_begin_it(self) -> None:
        with FakeServer() as server:
            server.unary[GET] = (order.GetOrderRequest, lambda request, context: fail(
                context, grpc.StatusCode.RESOURCE_EXHAUSTED, "too much", "OVERLOADED",
                details.RetryInfo(retry_delay=Duration(seconds=60))))
            with dms_client.connect(server.address, timeout=5) as dms, self.assertRaises(dms_client.DMSError) as caught:
                dms.orders.get_order(order.GetOrderRequest())
        self.assertEqual(caught.exception.retry_delay, 60)
        self.assertEqual(len(server.metadata), 1)

    def test_what_is_wrong_with_the_call_is_not_repeated(self) -> None:
        for code in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INTERNAL):
            with self.subTest(code), FakeServer() as server:
                server.unary[GET] = (order.GetOrderRequest, lambda request, context: fail(context, code, "no"))
                with dms_client.connect(server.address) as dms, self.assertRaises(dms_client.DMSError):
                    dms.orders.get_order(order.GetOrderRequest())
                self.assertEqual(len(server.metadata), 1)

    def test_tries_are_counted(self) -> None:
        settings = dms_client.RetrySettings(attempts_max=3, backoff_first=0, backoff_max=0)
        with FakeServer() as server:
            server.unary[GET] = (
                order.GetOrderRequest, lambda request, context: fail(context, grpc.StatusCode.UNAVAILABLE, "no"))
            with dms_client.connect(server.address, retries=settings) as dms, self.assertRaises(dms_client.DMSError):
                dms.orders.get_order(order.GetOrderRequest())
            self.assertEqual(len(server.metadata), 3)

    def test_waits_double_up_to_their_bound_and_are_drawn_from_their_upper_half(self) -> None:
        backoff = Backoff(dms_client.RetrySettings(backoff_first=1, backoff_max=4))
        for whole in (1, 2, 4, 4):
            self.assertTrue(whole / 2 <= backoff.wait() <= whole)
        backoff.reset()
        self.assertLessEqual(backoff.wait(), 1)

    def test_the_allowance_lets_a_burst_pass_then_queues_then_refuses(self) -> None:
        now = [0.0]
        allowance = RetryAllowance(2, 1, lambda: now[0])
        self.assertEqual([allowance.take() for _ in range(5)], [0, 0, 1, 2, None])
        now[0] = 10
        self.assertEqual(allowance.take(), 0)
        self.assertIsNone(RetryAllowance(0, 0, lambda: 0).take())

    def test_a_stream_that_never_answered_is_given_up_sooner_than_one_that_did(self) -> None:
        now = [0.0]
        error = dms_client.DMSError(grpc.StatusCode.UNAVAILABLE, "gone")
        reconnection = Reconnection(dms_client.RetrySettings(), 5, lambda: now[0])
        self.assertIsNotNone(reconnection.wait(error))
        now[0] = 6
        self.assertIsNone(reconnection.wait(error))
        reconnection.answered()
        self.assertIsNotNone(reconnection.wait(error))
        now[0] = 600
        self.assertIsNotNone(reconnection.wait(error))
        self.assertIsNone(reconnection.wait(dms_client.DMSError(grpc.StatusCode.OUT_OF_RANGE, "compacted")))


class Pages(unittest.TestCase):
    def test_a_list_is_read_page_by_page(self) -> None:
        tokens = []

        def answer(request: admin.ListDealersRequest, context: grpc.ServicerContext) -> admin.ListDealersResponse:
            tokens.append((request.page_token, request.page_size))
            number = int(request.page_token or 0)
            dealers = [admin.Dealer(dealer_id=str(number)), admin.Dealer(dealer_id=str(number + 1))]
            return admin.ListDealersResponse(dealers=dealers, next_page_token=str(number + 2) if number < 4 else "")

        with FakeServer() as server, dms_client.connect(server.address) as dms:
            server.unary[LIST] = (admin.ListDealersRequest, answer)
            dealers = dms.admin.iter_dealers(admin.ListDealersRequest(page_size=2))
            self.assertEqual([dealer.dealer_id for dealer in dealers], ["0", "1", "2", "3", "4", "5"])
            self.assertEqual(tokens, [("", 2), ("2", 2), ("4", 2)])
            self.assertEqual(len(list(dealers.pages())), 3)
            self.assertEqual(next(iter(dms.admin.iter_dealers())).dealer_id, "0")

    def test_a_page_that_names_itself_as_the_next_is_an_error(self) -> None:
        with FakeServer() as server, dms_client.connect(server.address) as dms:
            server.unary[LIST] = (
                admin.ListDealersRequest,
                lambda request, context: admin.ListDealersResponse(next_page_token="again"))
            with self.assertRaises(dms_client.DMSError):
                list(dms.admin.iter_dealers())


if __name__ == "__main__":
    unittest.main()
