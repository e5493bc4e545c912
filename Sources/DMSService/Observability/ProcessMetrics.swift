internal import CoreMetrics
internal import Foundation
internal import Synchronization

/// What the operating system knows of the process, under the names that Prometheus' libraries give it.
///
/// Read when asked; where there is no `/proc`, nothing is known.
final class ProcessMetrics: Sendable {
  private let cpu: FloatingPointCounter
  private let resident: Meter
  private let virtual: Meter
  private let openFiles: Meter
  private let maxFiles: Meter
  private let threads: Meter
  private let started: Meter
  private let cpuSeconds = Mutex(0.0)

  init(_ factory: any MetricsFactory) {
    cpu = FloatingPointCounter(label: "process_cpu_seconds_total", factory: factory)
    resident = Meter(label: "process_resident_memory_bytes", factory: factory)
    virtual = Meter(label: "process_virtual_memory_bytes", factory: factory)
    openFiles = Meter(label: "process_open_fds", factory: factory)
    maxFiles = Meter(label: "process_max_fds", factory: factory)
    threads = Meter(label: "process_threads", factory: factory)
    started = Meter(label: "process_start_time_seconds", factory: factory)
  }

  /// Brings every metric up to date.
  func refresh() {
    var limit = rlimit()
    if getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0 { maxFiles.set(Double(limit.rlim_cur)) }
    guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let status = ProcessStatus(text)
    else { return }
    let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    cpuSeconds.withLock { known in
      let now = Double(status.cpuTicks) / ticks
      cpu.increment(by: max(0, now - known))
      known = max(now, known)
    }
    resident.set(Double(status.residentPages) * page)
    virtual.set(Double(status.virtualBytes))
    threads.set(status.threads)
    if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      // One of them is the folder that is being read.
      openFiles.set(max(0, files.count - 1))
    }
    if let boot = Self.bootTime { started.set(boot + Double(status.startTicks) / ticks) }
  }

  /// When the machine started, in seconds since 1970.
  private static let bootTime: Double? = {
    guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
    return text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
  }()
}

/// What `/proc/self/stat` says.
struct ProcessStatus: Equatable {
  var cpuTicks: Int64
  var threads: Int64
  var startTicks: Int64
  var virtualBytes: Int64
  var residentPages: Int64

  /// Reads the line; nil when it is not as proc(5) has it. The program's name, in parentheses, may hold anything.
  init?(_ line: String) {
    guard let end = line.lastIndex(of: ")") else { return nil }
    // The first of these is the third of the line.
    let fields = line[line.index(after: end)...].split(separator: " ")
    func field(_ number: Int) -> Int64? { fields.count > number - 3 ? Int64(fields[number - 3]) : nil }
    guard let user = field(14), let system = field(15), let threads = field(20), let start = field(22),
      let size = field(23), let resident = field(24)
    else { return nil }
    cpuTicks = user + system
    self.threads = threads
    startTicks = start
    virtualBytes = size
    residentPages = resident
  }
}
