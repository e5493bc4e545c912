package import Logging
package import RPC

/// What all calls of a client share in manners.
package struct CallSettings: Sendable {
  /// How long a call may take, its retries included, unless the call says otherwise.
  package var timeout: Duration = .seconds(30)
  /// How failed calls are repeated and broken streams are resumed.
  package var retries = RetrySettings()
  /// Sent with every call, such as the credential.
  package var metadata: Metadata = [:]
  /// Where retries and reconnections are noted.
  package var logger = Logger(label: "dms.client", factory: { _ in SwiftLogNoOpLogHandler() })

  package init() {}
}

/// Makes calls: adds the credential, the deadline and the request id, repeats what may be repeated,
/// and turns every failure into a ``DMSError``.
package struct CallCore: Sendable {
  package let caller: any RPCCaller
  package let settings: CallSettings
  private let allowance: RetryAllowance

  package init(caller: any RPCCaller, settings: CallSettings) {
    self.caller = caller
    self.settings = settings
    allowance = RetryAllowance(
      burst: settings.retries.retriesBurst, perSecond: settings.retries.retriesPerSecond)
  }

  /// Makes a call that changes nothing.
  func read<Request: Sendable, Response: Sendable>(
    _ request: Request, _ options: CallOptions,
    _ call: @Sendable (Request, CallOptions) async throws -> Response
  ) async throws(DMSError) -> Response {
    try await repeating(options, requestID: nil) { options in try await call(request, options) }
  }

  /// Makes a call that writes, under the request's id or a new one, which stays over all tries.
  func write<Request: RequestIdentified, Response: Sendable>(
    _ request: Request, _ options: CallOptions,
    _ call: @Sendable (Request, CallOptions) async throws -> Response
  ) async throws(DMSError) -> Response {
    let request = request.identified()
    return try await repeating(options, requestID: request.requestID) { options in
      try await call(request, options)
    }
  }

  /// A list as a sequence, from the page that `request` names.
  func pages<Request: PageRequest, Response: PageResponse>(
    _ request: Request, _ options: CallOptions,
    _ call: @escaping @Sendable (Request, CallOptions) async throws -> Response
  ) -> PagedSequence<Response.Item> {
    PagedSequence(from: request.pageToken) { [self] token in
      var page = request
      page.pageToken = token
      do throws(DMSError) {
        return .success(try await read(page, options, call).page)
      } catch {
        return .failure(error)
      }
    }
  }

  /// The options of one try of a unary call.
  package func unaryOptions(_ options: CallOptions) -> CallOptions {
    var options = streamOptions(options)
    options.timeout = options.timeout ?? settings.timeout
    return options
  }

  /// The options of a stream, which has no deadline unless the caller set one.
  package func streamOptions(_ options: CallOptions) -> CallOptions {
    var options = options
    options.metadata.add(contentsOf: settings.metadata)
    // Calls are repeated here, where the reasons are known, and nowhere below.
    options.retry = RetryPolicy.none
    return options
  }

  private func repeating<Response: Sendable>(
    _ options: CallOptions, requestID: String?, _ call: (CallOptions) async throws -> Response
  ) async throws(DMSError) -> Response {
    var options = unaryOptions(options)
    let deadline = options.timeout.map { ContinuousClock.now + $0 }
    var loop = RetryLoop(settings: settings.retries, isRepeatable: true)
    while true {
      let failure: DMSError
      do {
        return try await call(options)
      } catch {
        failure = DMSError(error, requestID: requestID)
      }
      let remaining = deadline.map { ContinuousClock.now.duration(to: $0) }
      guard let wait = turn(after: failure, in: &loop, remaining: remaining) else { throw failure }
      settings.logger.debug(
        "A call is tried again",
        metadata: ["after": "\(wait)", "code": "\(failure.code)", "reason": "\(failure.reasonName)"])
      do {
        try await Task.sleep(for: wait)
      } catch {
        throw DMSError(error, requestID: requestID)
      }
      options.timeout = deadline.map { max(ContinuousClock.now.duration(to: $0), .milliseconds(1)) }
    }
  }

  /// The wait before the next try, the allowance's included; nil when there is to be none.
  private func turn(after failure: DMSError, in loop: inout RetryLoop, remaining: Duration?) -> Duration? {
    var generator = SystemRandomNumberGenerator()
    guard let backoff = loop.wait(after: failure, remaining: remaining, using: &generator),
      let queue = allowance.take()
    else { return nil }
    let wait = max(backoff, queue)
    if let remaining, wait >= remaining {
      allowance.giveBack()
      return nil
    }
    return wait
  }
}
