package import Policy

/// Whom screening asks for facts that are not in the recipients file.
package struct FactSources: Sendable {
  package var lists: any SanctionsLists
  package var origins: any IPOrigins
  /// Nil: the column `kyc` says it.
  package var kyc: KYCSource?

  package init(
    lists: any SanctionsLists = NoSanctionsLists(), origins: any IPOrigins = NoIPOrigins(), kyc: KYCSource? = nil
  ) {
    self.lists = lists
    self.origins = origins
    self.kyc = kyc
  }
}

/// No data is configured: a rule that asks for it waits.
package struct NoIPOrigins: IPOrigins {
  package init() {}
  package func version() -> String { "" }
  package func origin(_ address: IPAddress) -> IPOrigin { .unknown }
}

/// A provider, and how old its answers may be.
package struct KYCSource: Sendable {
  package let provider: any KYCProvider
  /// Milliseconds since its check.
  package let mostAge: Int64
  /// Questions that are asked at once: a step of a walk waits for one such wave, and not longer.
  package let wave: Int
  package init(provider: any KYCProvider, mostAge: Int64, wave: Int = 32) {
    self.provider = provider
    self.mostAge = mostAge
    self.wave = max(1, wave)
  }
}
