internal import Synchronization

/// A place for what the first reader of a change makes of it and all others take, such as its bytes on the wire.
package final class SharedForm: Sendable {
  private let form = Mutex<(any Sendable)?>(nil)

  init() {}

  /// The form that is here, or else what `make` returns, which then stays. Of two readers that come first at once both
  /// may make it.
  package func get<Form: Sendable>(_ make: () throws -> Form) rethrows -> Form {
    if let known = form.withLock({ $0 }) as? Form { return known }
    let made = try make()
    form.withLock { $0 = made }
    return made
  }
}
