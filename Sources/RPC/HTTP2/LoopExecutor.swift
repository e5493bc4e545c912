package import NIOCore
internal import Synchronization

/// Something that writes what it gathered, once, after the jobs that made it.
package protocol LoopFlushable: AnyObject {
  /// Writes what there is. Called on the event loop.
  func flushGathered()
}

/// Runs Swift tasks on an event loop, in batches.
///
/// A job enqueued from the loop itself goes into a plain array that is drained at the end of the read which made it;
/// jobs from other threads gather behind one wake-up of the loop. After each drain every connection that has output
/// flushes it, so that the replies of one batch leave in one write. There is one for each event loop.
///
/// Its queues are bounded by the calls that exist, which the connections bound.
///
/// `@unchecked Sendable`: `foreign` is behind its mutex; every other variable is touched on the event loop alone.
package final class LoopExecutor: TaskExecutor, @unchecked Sendable {
  private enum Work {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
  }

  private struct Foreign {
    var work: [Work] = []
    var hasWakeUp = false
  }

  /// How often a drain starts again for work that it made itself, before the loop may look at its sockets.
  private static let roundsMax = 32

  /// The loop that runs everything.
  package let eventLoop: any EventLoop

  /// On the event loop: where connections gather what they write, shared because only one writes at a time. When the
  /// channel has written all, clearing it keeps its memory; else the channel keeps that and this starts anew.
  package var outputBuffer = ByteBuffer()

  /// On the event loop: when its connections are to be looked at.
  package let timers: LoopTimers

  private let foreign = Mutex(Foreign())
  private var local: [Work] = []
  private var running: [Work] = []
  private var gathered: [any LoopFlushable] = []
  private var flushing: [any LoopFlushable] = []
  private var isDraining = false
  private var isScheduled = false

  /// An executor that runs its jobs on `eventLoop`.
  package init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    self.timers = LoopTimers(eventLoop)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    add(.job(UnownedJob(job)))
  }

  /// Runs `body` on the event loop: at once when called there, else together with what other threads enqueue.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    if eventLoop.inEventLoop { body() } else { addForeign(.closure(body)) }
  }

  /// Whether the caller is on the event loop.
  package var inEventLoop: Bool { eventLoop.inEventLoop }

  /// On the event loop: has `connection` flush at the end of the batch.
  package func gather(_ connection: any LoopFlushable) {
    gathered.append(connection)
    scheduleDrain()
  }

  /// On the event loop: runs what is enqueued and flushes what gathered output, until nothing is left.
  ///
  /// A connection calls it at the end of a read. It is scheduled besides, so that nothing waits for a read that never
  /// ends; whichever comes second finds nothing to do.
  package func drain() {
    isDraining = true
    takeForeign()
    for _ in 0..<Self.roundsMax {
      while !local.isEmpty {
        swap(&local, &running)
        for work in running { run(work) }
        running.removeAll(keepingCapacity: true)
        if !gathered.isEmpty { break }
      }
      swap(&gathered, &flushing)
      for connection in flushing { connection.flushGathered() }
      flushing.removeAll(keepingCapacity: true)
      if local.isEmpty, gathered.isEmpty { break }
    }
    isDraining = false
    if !local.isEmpty || !gathered.isEmpty { scheduleDrain() }
  }

  private func run(_ work: Work) {
    switch work {
    case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
    case .closure(let body): body()
    }
  }

  private func add(_ work: Work) {
    guard eventLoop.inEventLoop else { return addForeign(work) }
    local.append(work)
    scheduleDrain()
  }

  private func scheduleDrain() {
    guard !isDraining, !isScheduled else { return }
    isScheduled = true
    eventLoop.execute {
      self.isScheduled = false
      self.drain()
    }
  }

  private func addForeign(_ work: Work) {
    let wakes = foreign.withLock { foreign in
      foreign.work.append(work)
      defer { foreign.hasWakeUp = true }
      return !foreign.hasWakeUp
    }
    guard wakes else { return }
    eventLoop.execute {
      self.foreign.withLock { $0.hasWakeUp = false }
      self.drain()
    }
  }

  private func takeForeign() {
    let work = foreign.withLock { foreign in
      guard !foreign.work.isEmpty else { return [Work]() }
      defer { foreign.work = [] }
      return foreign.work
    }
    if local.isEmpty { local = work } else { local.append(contentsOf: work) }
  }
}
