import RPC

extension ServerLimits {
  /// The limits of the wire as they are set.
  ///
  /// - Throws: ``SettingError``, naming the setting, its source and what would be right.
  init(_ sources: SettingSources) throws {
    self.init()
    shutdownGrace = .seconds(try sources.number(.grace, in: 0...3_600))
    connectionsMax = try sources.number(.connections, in: 1...1_000_000)
    connectionsPerPeerMax = try sources.number(.connectionsPerPeer, in: 1...1_000_000)
    concurrentStreamsMax = try sources.number(.streams, in: 1...100_000)
    messageBytesMax = try sources.number(.messageBytes, in: 1_024...(256 << 20))
    headerListBytesMax = try sources.number(.headerBytes, in: 1_024...(1 << 20))
    connectionRequestBytesMax = try sources.number(.requestBytes, in: 65_536...(1 << 40))
    connectionResponseBytesMax = try sources.number(.responseBytes, in: 65_536...(1 << 40))
    handshakeTimeout = .seconds(try sources.number(.handshake, in: 1...3_600))
    unauthenticatedTime = try sources.time(.unauthenticated)
    idleTime = try sources.time(.idle)
    connectionAge = try sources.time(.age)
    if try !sources.value(of: .ageGrace).text.isEmpty {
      connectionAgeGrace = .seconds(try sources.number(.ageGrace, in: 0...86_400))
    }
    keepaliveInterval = try sources.time(.keepalive)
    keepaliveTimeout = .seconds(try sources.number(.keepaliveTimeout, in: 1...3_600))
    pingIntervalMin = .seconds(try sources.number(.pingInterval, in: 0...3_600))
    resetBurst = try sources.number(.resets, in: 1...1_000_000)
    resetsPerSecond = try sources.number(.resetsPerSecond, in: 1...1_000_000)
    controlBurst = try sources.number(.controls, in: 10...1_000_000)
    controlsPerSecond = try sources.number(.controlsPerSecond, in: 1...1_000_000)
  }
}

extension ReplyCompression {
  /// When replies are compressed, as it is set.
  init(_ sources: SettingSources) throws {
    let value = try sources.value(of: .compression)
    switch value.text {
    case "never": self = .never
    case "asked": self = .whenAsked
    case "always": self = .always
    default: throw SettingError.unknownCompression(value.text, source: value.source)
    }
  }
}

extension SettingSources {
  /// A whole number of `range`.
  func number(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
    let value = try self.value(of: setting)
    guard let number = Int(value.text), range.contains(number) else {
      throw SettingError.notANumber(setting, value.text, source: value.source, range: range)
    }
    return number
  }

  /// A number of seconds up to a year; nil for 0, which is no limit.
  fileprivate func time(_ setting: Setting) throws -> Duration? {
    let seconds = try number(setting, in: 0...31_536_000)
    return seconds > 0 ? .seconds(seconds) : nil
  }
}
