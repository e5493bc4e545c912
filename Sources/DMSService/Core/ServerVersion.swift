/// The release that this code is.
package enum ServerVersion {
  /// The release, as `MAJOR.MINOR.PATCH`.
  package static let text = "0.1.0"
}
