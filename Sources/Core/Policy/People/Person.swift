package import Codecs
package import Money

/// Somebody who may log in.
package struct Person: Hashable, Sendable {
  package let name: PersonName
  package var roles: Set<Role>
  package var isActive: Bool
  /// How often the row was written; a write names the version that it saw.
  package var version: Int64
  /// A password's hash with its scheme and parameters; never a password. Empty until one is set.
  package var password: String
  /// Ed25519, 32 bytes: what the person's approvals are verified with. Enrolled by an admin.
  package var approvalKey: [UInt8]?
  package var secondFactor: SecondFactor?
  package var attempts: LoginAttempts
  /// Sessions begun before this moment are over: moved on when password, roles or state change.
  package var sessionsFrom: Timestamp
  package let createdBy: String
  package let createdAt: Timestamp

  package init(
    name: PersonName, roles: Set<Role>, isActive: Bool = true, version: Int64 = 1, password: String = "",
    approvalKey: [UInt8]? = nil, secondFactor: SecondFactor? = nil, attempts: LoginAttempts = LoginAttempts(),
    sessionsFrom: Timestamp = Timestamp(milliseconds: 0), createdBy: String, createdAt: Timestamp
  ) {
    self.name = name
    self.roles = roles
    self.isActive = isActive
    self.version = version
    self.password = password
    self.approvalKey = approvalKey
    self.secondFactor = secondFactor
    self.attempts = attempts
    self.sessionsFrom = sessionsFrom
    self.createdBy = createdBy
    self.createdAt = createdAt
  }

  /// Who acts, as audit records name it.
  package var actor: String { name.actor }

  package func has(_ permission: Permission) -> Bool { isActive && !roles.isDisjoint(with: permission.roles) }
}

/// 1 to 40 of a-z, 0-9, `.`, `_` and `-`, beginning with a letter: it stands in records, files and signatures.
package struct PersonName: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let raw: String

  /// Throws `people.bad_text`.
  package init(_ text: String) throws(PeopleError) {
    let bytes = Array(text.utf8)
    guard (1...40).contains(bytes.count), (0x61...0x7a).contains(bytes[0]),
      bytes.allSatisfy({
        (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x5f || $0 == 0x2d
      })
    else {
      throw PeopleError(
        .badText, "a person's name is 1 to 40 of a-z, 0-9, dot, underscore and hyphen, beginning with a letter",
        hint: "for example eve.miller")
    }
    raw = text
  }

  package var actor: String { "person:\(raw)" }
  package var description: String { raw }
  package static func < (a: PersonName, b: PersonName) -> Bool { a.raw < b.raw }
}

/// A person's one-time codes (RFC 6238) and what is left of the recovery codes.
package struct SecondFactor: Hashable, Sendable {
  /// The secret, encrypted with a key that is not in the database.
  package let sealedSecret: [UInt8]
  /// A first correct code was seen.
  package var isConfirmed: Bool
  /// The newest step whose code was accepted: it and earlier ones are not accepted again.
  package var lastStep: Int64?
  /// SHA-256 of each unused recovery code.
  package var recovery: [Hash32]

  package init(sealedSecret: [UInt8], isConfirmed: Bool = false, lastStep: Int64? = nil, recovery: [Hash32]) {
    self.sealedSecret = sealedSecret
    self.isConfirmed = isConfirmed
    self.lastStep = lastStep
    self.recovery = recovery
  }

  /// Seconds that one code is shown.
  package static let stepSeconds: Int64 = 30

  /// The steps whose codes are accepted at this time, the oldest first: one either side, and none that was used.
  package func steps(at now: Timestamp) -> [Int64] {
    let middle = now.milliseconds / 1000 / SecondFactor.stepSeconds
    return (middle - 1...middle + 1).filter { $0 > lastStep ?? -1 }
  }

  /// Uses up a recovery code. False when there is none with this hash.
  package mutating func useRecovery(_ hash: Hash32) -> Bool {
    guard let place = recovery.firstIndex(of: hash) else { return false }
    recovery.remove(at: place)
    return true
  }
}

/// Wrong answers in a row, of passwords and codes apart. Three of one kind lock the person out for five minutes.
package struct LoginAttempts: Hashable, Sendable {
  package enum Kind: Sendable { case password, code }
  package var passwords: Int
  package var codes: Int
  package var lockedUntil: Timestamp?

  package static let most = 3
  package static let lockMilliseconds: Int64 = 300_000

  package init(passwords: Int = 0, codes: Int = 0, lockedUntil: Timestamp? = nil) {
    self.passwords = passwords
    self.codes = codes
    self.lockedUntil = lockedUntil
  }

  /// A clock that went back only makes the wait longer.
  package func isLocked(at now: Timestamp) -> Bool { lockedUntil.map { now < $0 } ?? false }

  package mutating func failed(_ kind: Kind, at now: Timestamp) {
    switch kind {
    case .password: passwords += 1
    case .code: codes += 1
    }
    guard max(passwords, codes) >= LoginAttempts.most else { return }
    self = LoginAttempts(lockedUntil: now.advanced(byMilliseconds: LoginAttempts.lockMilliseconds))
  }

  package mutating func succeeded() { self = LoginAttempts() }
}
