import CoreMetrics
import Foundation
import Testing

@testable import DMSService

@Suite("Metrics for Prometheus")
struct MetricsRegistryTests {
  @Test("The text is what Prometheus reads, to the letter")
  func text() throws {
    let registry = MetricsRegistry()
    let requests = Counter(label: "requests_total", dimensions: [("code", "OK"), ("a", "b")], factory: registry)
    requests.increment(by: 3)
    Meter(label: "process_open_fds", factory: registry).set(7)
    Gauge(label: "half", factory: registry).record(0.5)
    FloatingPointCounter(label: "seconds_total", factory: registry).increment(by: 1.25)
    let text = registry.text()
    #expect(text.contains("# TYPE half gauge\nhalf 0.5\n"))
    #expect(text.contains("# HELP process_open_fds File descriptors that are open.\n# TYPE process_open_fds gauge\n"))
    #expect(text.contains("\nprocess_open_fds 7\n"))
    #expect(text.contains("# TYPE requests_total counter\nrequests_total{a=\"b\",code=\"OK\"} 3\n"))
    #expect(text.contains("seconds_total 1.25\n"))
    _ = try PrometheusReader(text)
  }

  @Test("A timer is a histogram of seconds whose buckets add up")
  func histogram() throws {
    let registry = MetricsRegistry()
    let timer = CoreMetrics.Timer(label: "wait_seconds", dimensions: [("kind", "x")], factory: registry)
    for nanoseconds in [0, 100_000, 100_001, 5_000_000, 60_000_000_000] as [Int64] {
      timer.recordNanoseconds(nanoseconds)
    }
    let read = try PrometheusReader(registry.text())
    #expect(read.types["wait_seconds"] == "histogram")
    #expect(read.value("wait_seconds_bucket", ["le": "0.0001"]) == 2)
    #expect(read.value("wait_seconds_bucket", ["le": "0.00025"]) == 3)
    #expect(read.value("wait_seconds_bucket", ["le": "10"]) == 4)
    #expect(read.value("wait_seconds_bucket", ["le": "+Inf"]) == 5)
    #expect(read.value("wait_seconds_count", ["kind": "x"]) == 5)
    let sum = try #require(read.value("wait_seconds_sum", ["kind": "x"]))
    #expect(abs(sum - 60.005_200_001) < 1e-6)
  }

  @Test("Names and labels are made what they may be, and values are escaped")
  func escaping() throws {
    let registry = MetricsRegistry()
    let value = "a\\b\"c\nd «é»"
    Counter(
      label: "0 bad-name.total", dimensions: [("1 l:bel", value), ("le", "x")], factory: registry
    ).increment()
    let read = try PrometheusReader(registry.text())
    #expect(read.value("_0_bad_name_total", ["_1_l_bel": value, "le_": "x"]) == 1)
  }

  @Test("Every number has a form", arguments: [(0.1, "0.1"), (1e21, "1e+21"), (-2, "-2"), (.infinity, "+Inf")])
  func numbers(number: Double, text: String) {
    #expect(MetricsText.number(number) == text)
    #expect(MetricsText.number(-.infinity) == "-Inf")
    #expect(MetricsText.number(.nan) == "NaN")
  }

  @Test("A metric made twice is one; one that is another kind under the same name counts for nothing")
  func identity() throws {
    let registry = MetricsRegistry()
    let first = Counter(label: "a_total", dimensions: [("x", "1"), ("y", "2")], factory: registry)
    let second = Counter(label: "a_total", dimensions: [("y", "2"), ("x", "1")], factory: registry)
    first.increment()
    second.increment()
    Meter(label: "a_total", factory: registry).set(9)
    Timer(label: "b", dimensions: [], factory: registry).recordNanoseconds(1)
    Counter(label: "b_count", factory: registry).increment(by: 9)
    var read = try PrometheusReader(registry.text())
    #expect(read.value("a_total") == 2)
    #expect(read.value("b_count") == 1)
    #expect(read.value("dms_metrics_refused_total") == 2)

    first.destroy()
    read = try PrometheusReader(registry.text())
    #expect(read.value("a_total") == 2, "the second still has it")
    second.destroy()
    #expect(try PrometheusReader(registry.text()).value("a_total") == nil)
  }

  @Test("There are no more series than the bound")
  func bounded() throws {
    let registry = MetricsRegistry()
    for number in 0..<MetricsRegistry.seriesMax + 10 {
      Counter(label: "many_total", dimensions: [("n", "\(number)")], factory: registry).increment()
    }
    let text = registry.text()
    #expect(text.contains("dms_metrics_refused_total 10\n"))
    #expect(text.utf8.count { $0 == 10 } <= MetricsRegistry.seriesMax + 10)
  }

  @Test("Nothing is lost when many threads count at once")
  func concurrent() async throws {
    let registry = MetricsRegistry()
    let counter = Counter(label: "hits_total", factory: registry)
    let fractions = FloatingPointCounter(label: "parts_total", factory: registry)
    let timer = CoreMetrics.Timer(label: "time_seconds", dimensions: [], factory: registry)
    let sizes = Recorder(label: "sizes", dimensions: [], aggregate: true, factory: registry)
    let meter = Meter(label: "level", factory: registry)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for step in 0..<5_000 {
            counter.increment()
            fractions.increment(by: 0.5)
            timer.recordNanoseconds(Int64(step))
            sizes.record(step % 64)
            meter.increment()
          }
        }
      }
    }
    let read = try PrometheusReader(registry.text())
    #expect(read.value("hits_total") == 40_000)
    #expect(read.value("parts_total") == 20_000)
    #expect(read.value("time_seconds_count") == 40_000)
    #expect(read.value("sizes_count") == 40_000)
    #expect(read.value("level") == 40_000)
  }

  @Test("What the kernel says of a process is read, whatever the program is called")
  func processStatus() {
    let fields = (3...30).map { "\($0)" }.joined(separator: " ")
    let status = ProcessStatus("42 (a) b) c) \(fields)")
    #expect(status?.cpuTicks == 29)
    #expect(status?.threads == 20)
    #expect(status?.startTicks == 22)
    #expect(status?.virtualBytes == 23)
    #expect(status?.residentPages == 24)
    for bad in ["", "42", "42 (x) S", "42 (x) \(fields.replacing("15", with: "x"))"] {
      #expect(ProcessStatus(bad) == nil)
    }
  }
}
