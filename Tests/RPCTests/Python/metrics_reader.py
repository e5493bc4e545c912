"""Reads a server's metrics with Prometheus' own library, and fails when it cannot.

    metrics_reader.py PORT
"""

import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/metrics", timeout=30) as answer:
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8", answer.headers
    families = {family.name: family for family in text_string_to_metric_families(answer.read().decode())}

handled = families["grpc_server_handled"]
assert handled.type == "counter", handled.type
calls = {sample.labels["grpc_method"]: sample.value for sample in handled.samples if sample.labels["grpc_code"] == "OK"}
assert calls["UpsertDealers"] == 1, calls
assert families["grpc_server_handling_seconds"].type == "histogram"
assert families["dms_build_info"].type == "gauge"
assert families["process_cpu_seconds"].type == "counter"
assert all(family.documentation for family in families.values()), "each has a sentence"
