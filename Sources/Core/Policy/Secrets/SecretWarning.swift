/// Something about a secret that should be mended. It stops nothing.
package enum SecretWarning {
  package enum Code: String, CaseIterable, Sendable {
    /// A setting names a file that is not there.
    case missing = "secrets.missing"
    /// Group or others may read the file: chmod 600.
    case exposed = "secrets.exposed"
    /// Group or others may write the file, or put another in its place: chmod go-w on it and on its folder.
    case replaceable = "secrets.replaceable"
    /// A rotation was begun and not ended: run `almoner secrets rotate` again with the same file, or with --back.
    case rotationLeftOpen = "secrets.rotation_left_open"
    /// Its term is over: replace it.
    case overdue = "secrets.overdue"
    /// Its term ends within 14 days.
    case dueSoon = "secrets.due_soon"
    /// Its file is younger than now: the clock was wrong, or is.
    case fromTheFuture = "secrets.from_the_future"
    /// It stands in a setting and not in a file of its own: other programs of the user can read it, and its age is not known.
    case inSettings = "secrets.in_settings"
  }
}
