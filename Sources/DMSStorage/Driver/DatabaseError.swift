/// A database's refusal, sorted by what can be done about it. It never carries bound values.
package struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, in terms common to both databases.
  package enum Kind: Sendable, Hashable {
    /// A rule of the schema was broken; the statement changed nothing.
    case constraint(Constraint)
    /// Somebody else holds what the statement needs, for longer than the time-out; or a deadlock was broken.
    case busy
    /// No space is left.
    case full
    /// Reading, writing or flushing failed.
    case inputOutput
    /// The file is damaged, or is no database.
    case corrupt
    case outOfMemory
    /// The statement ran past the greatest age of its snapshot, or was interrupted.
    case interrupted
    /// A value or a row is larger than the database takes.
    case tooLarge
    /// The connection is gone (or could not be made).
    case connectionLost
    /// The statement is not what the database understands: a mistake in our code.
    case misuse
    case other
  }

  /// The rule that was broken.
  package enum Constraint: Sendable, Hashable {
    case unique
    case foreignKey
    case check
    case notNull
    case dataType
    case other
  }

  package var kind: Kind
  /// The database's own code: an extended result code of SQLite, or a SQLSTATE.
  package var code: String
  /// The database's own sentence, for the log.
  package var message: String

  package init(_ kind: Kind, code: String = "", message: String) {
    self.kind = kind
    self.code = code
    self.message = message
  }

  package var description: String {
    "\(message) (\(kind)\(code.isEmpty ? "" : ", \(code)"))"
  }

  /// Whether the medium or the connection is in doubt, so that the connection must be made anew.
  package var endsConnection: Bool {
    switch kind {
    case .inputOutput, .corrupt, .connectionLost: true
    default: false
    }
  }

  /// Whether the fault lies with the surroundings rather than with the one statement: the whole batch is in doubt.
  package var endsBatch: Bool {
    switch kind {
    case .inputOutput, .corrupt, .connectionLost, .full, .outOfMemory, .busy: true
    default: false
    }
  }
}
