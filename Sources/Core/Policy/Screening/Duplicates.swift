/// How many waiting recipients share an e-mail address or an IP. Counted in one walk over the campaign, before anybody
/// is judged; kept as 64-bit hashes of this process, so a million recipients take some tens of megabytes.
package struct Duplicates: Sendable {
  private var emails: [Int: UInt32] = [:]
  private var ips: [Int: UInt32] = [:]

  package init() {}

  package mutating func count(_ subject: ScreeningSubject) {
    let keys = Duplicates.keys(subject)
    if let email = keys.email { emails[email, default: 0] &+= 1 }
    if let ip = keys.ip { ips[ip, default: 0] &+= 1 }
  }

  /// 0 for what the recipient does not have.
  package func counts(_ subject: ScreeningSubject) -> (email: UInt64, ip: UInt64) {
    let keys = Duplicates.keys(subject)
    return (
      keys.email.flatMap { emails[$0] }.map { UInt64($0) } ?? 0, keys.ip.flatMap { ips[$0] }.map { UInt64($0) } ?? 0
    )
  }

  private static func keys(_ subject: ScreeningSubject) -> (email: Int?, ip: Int?) {
    guard let columns = subject.columns() else { return (nil, nil) }
    let email = columns["email"].flatMap { Attribute.email.normalized($0) }
    let ip = columns["ip"].flatMap { IPAddress($0) }
    return (email.map { $0.hashValue }, ip.map { $0.hashValue })
  }
}
