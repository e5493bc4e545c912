"""Addresses, keys, request ids and amounts."""

import unittest
import uuid
from decimal import Decimal

import dms_client
from dms_client.address import ServerAddress


class Addresses(unittest.TestCase):
    def test_addresses_are_read(self) -> None:
        for text, target, secure in (
            ("http://127.0.0.1:8421", "127.0.0.1:8421", False),
            ("http://localhost/", "localhost:80", False),
            ("https://dms.example.com", "dms.example.com:443", True),
            ("https://[::1]:8421", "[::1]:8421", True),
            ("unix:/run/dms.sock", "unix:/run/dms.sock", False),
            ("unix:///run/dms.sock", "unix:/run/dms.sock", False),
        ):
            with self.subTest(text):
                address = ServerAddress.parse(text)
                self.assertEqual((address.target, address.secure), (target, secure))

    def test_what_is_no_address_is_refused(self) -> None:
        for text in ("", "127.0.0.1:8421", "http://", "http://a:0", "http://a:65536", "http://::1:80", "http://a/b",
                     "http://a@b", "ftp://a", "unix:", "http://a b"):
            with self.subTest(text), self.assertRaises(dms_client.ConfigurationError):
                ServerAddress.parse(text)

    def test_a_key_never_travels_in_plain_text_to_another_machine(self) -> None:
        for server in ("http://dms.example.com:8421", "http://10.0.0.1", "http://127.example.com", "http://127.0.0.256"):
            with self.subTest(server), self.assertRaisesRegex(dms_client.ConfigurationError, "plain text"):
                dms_client.connect(server, api_key="key")
            dms_client.connect(server, api_key="key", plain_text_credentials_allowed=True).close()
            dms_client.connect(server).close()
        for server in ("http://127.0.0.1:1", "http://localhost", "http://[::1]:1", "unix:/x", "https://dms.example.com"):
            with self.subTest(server):
                dms_client.connect(server, api_key="key").close()

    def test_a_key_that_no_header_can_hold_is_refused(self) -> None:
        for key in ("", "a b", "key\n", "schlüssel"):
            with self.subTest(key), self.assertRaises(dms_client.ConfigurationError):
                dms_client.connect("http://127.0.0.1:1", api_key=key)

    def test_certificates_need_https(self) -> None:
        with self.assertRaises(dms_client.ConfigurationError):
            dms_client.connect("http://127.0.0.1:1", root_certificates=b"")


class RequestIDs(unittest.TestCase):
    def test_new_ids_are_version_seven_and_differ(self) -> None:
        ids = {dms_client.new_request_id() for _ in range(1_000)}
        self.assertEqual(len(ids), 1_000)
        self.assertTrue(all(uuid.UUID(each).version == 7 for each in ids))

    def test_a_name_gives_the_same_id_in_every_language(self) -> None:
        self.assertEqual(dms_client.derived_request_id("invoice/4711"), "84160e1e-970e-53df-923f-b793942278f7")


class Amounts(unittest.TestCase):
    def test_amounts_are_exact(self) -> None:
        for text, micros in (("4.50", 4_500_000), ("-0.000001", -1), ("0", 0), ("1E3", 1_000_000_000),
                             ("9223372036854.775807", 2**63 - 1), ("1.0000000", 1_000_000)):
            with self.subTest(text):
                self.assertEqual(dms_client.to_micros(text), micros)
                self.assertEqual(dms_client.from_micros(micros), Decimal(text))
        self.assertEqual(str(dms_client.from_micros(4_500_000)), "4.50")
        self.assertEqual(str(dms_client.from_micros(-4_512_300)), "-4.5123")
        self.assertEqual(str(dms_client.from_micros(0)), "0.00")

    def test_what_is_no_amount_is_refused(self) -> None:
        for text in ("", "1,5", "0.0000001", "NaN", "Infinity", "9223372036854.775808", "1E300", "1E-300"):
            with self.subTest(text), self.assertRaises(ValueError):
                dms_client.to_micros(text)


if __name__ == "__main__":
    unittest.main()
