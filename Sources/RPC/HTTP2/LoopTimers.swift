internal import NIOCore

/// The times at which the connections of one event loop want to be looked at: one scheduled task for all of them.
///
/// A connection has one time at most, or none. Setting and removing one cost the logarithm of the number of connections.
/// Everything happens on the event loop.
package final class LoopTimers {
  /// What a time that is set while the timers fire is put off by at least, so that firing ends.
  private static let stepNanoseconds: Int64 = 1_000_000

  private let eventLoop: any EventLoop
  private var heap = DeadlineHeap<HTTP2Connection>()
  private var task: Scheduled<Void>?
  private var taskTime = Int64.max
  private var firing: Int64?

  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  /// Now, in nanoseconds of the clock that times are given in.
  package static var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

  /// Has `connection` looked at when `time` has come, instead of when it was to be; `.max` is never.
  func set(_ connection: HTTP2Connection, at time: Int64) {
    var time = time
    if let firing { time = max(time, firing.addingClamped(Self.stepNanoseconds)) }
    guard time != connection.deadlineNanoseconds else { return }
    heap.remove(connection)
    connection.deadlineNanoseconds = time
    guard time < .max else { return stopIfIdle() }
    heap.insert(connection)
    if firing == nil { arm() }
  }

  private func arm() {
    guard let first = heap.first else { return }
    guard first.deadlineNanoseconds < taskTime else { return }
    task?.cancel()
    taskTime = first.deadlineNanoseconds
    let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: taskTime))
    task = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.fire() }
  }

  private func stopIfIdle() {
    guard heap.first == nil, firing == nil else { return }
    task?.cancel()
    task = nil
    taskTime = .max
  }

  private func fire() {
    task = nil
    taskTime = .max
    let now = Self.now
    firing = now
    while let first = heap.first, first.deadlineNanoseconds <= now {
      heap.remove(first)
      first.deadlineNanoseconds = .max
      first.timerFired(at: now)
    }
    firing = nil
    arm()
  }
}
