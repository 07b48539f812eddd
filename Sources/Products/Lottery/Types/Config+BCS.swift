package import Codecs

extension SalesWindow: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(salesStart)
    bytes.append(salesEnd)
  }
}

extension TicketLimits: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(maxTicketsTotal)
    bytes.append(maxTicketsPerAddress)
  }
}

extension SalesDistribution: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(prizeBps)
    bytes.append(jackpotBps)
    bytes.append(operationsBps)
    bytes.append(reserveBps)
  }
}

extension PrizeSlot: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(slotId)
    bytes.append(winnersPerSlot)
    bytes.append(rewardType)
    bytes.append(bytes: rewardPayload)
  }
}

extension AutoClosePolicy: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(enabled)
    bytes.append(gracePeriodSecs)
  }
}

extension RewardBackend: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(backendType)
    bytes.append(bytes: configBlob)
  }
}

extension RetryPolicy: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(strategy)
    bytes.append(baseDelaySecs)
    bytes.append(maxDelaySecs)
  }
}

extension Config: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(bytes: eventSlug)
    bytes.append(bytes: seriesCode)
    bytes.append(runId)
    bytes.append(configVersion)
    bytes.append(primaryType)
    bytes.append(tagsMask)
    bytes.append(salesWindow)
    bytes.append(ticketPrice)
    bytes.append(ticketLimits)
    bytes.append(salesDistribution)
    bytes.append(prizePlan)
    bytes.append(winnersDedup)
    bytes.append(drawAlgo)
    bytes.append(autoClosePolicy)
    bytes.append(rewardBackend)
    bytes.append(vrfRetryPolicy)
  }
}

extension Config {
  /// Reads a config. Throws `bcsDecode`, or `distributionBpsInvalid`, which is checked while reading.
  ///
  /// Schema 1 takes padded lengths as the original did; schema 2 takes the one shortest form.
  package init(bcs: [UInt8], schema: Schema) throws(LotteryError) {
    var reader = BCS.Reader(bcs, lengths: schema.lengths)
    do throws(BCSError) {
      eventSlug = try reader.byteString()
      seriesCode = try reader.byteString()
      runId = try reader.uint64()
      configVersion = try reader.uint64()
      primaryType = try reader.uint8()
      tagsMask = try reader.uint64()
      salesWindow = SalesWindow(salesStart: try reader.uint64(), salesEnd: try reader.uint64())
      ticketPrice = try reader.uint64()
      ticketLimits = TicketLimits(
        maxTicketsTotal: try reader.uint64(), maxTicketsPerAddress: try reader.uint64())
    } catch {
      throw LotteryError(config: error)
    }
    salesDistribution = try SalesDistribution(from: &reader)
    do throws(BCSError) {
      prizePlan = try reader.list { (reader) throws(BCSError) in
        PrizeSlot(
          slotId: try reader.uint64(), winnersPerSlot: try reader.uint16(), rewardType: try reader.uint8(),
          rewardPayload: try reader.byteString())
      }
      winnersDedup = try reader.bool()
      drawAlgo = try reader.uint8()
      autoClosePolicy = AutoClosePolicy(enabled: try reader.bool(), gracePeriodSecs: try reader.uint64())
      rewardBackend = RewardBackend(backendType: try reader.uint8(), configBlob: try reader.byteString())
      vrfRetryPolicy = RetryPolicy(
        strategy: try reader.uint8(), baseDelaySecs: try reader.uint64(), maxDelaySecs: try reader.uint64())
      try reader.finish()
    } catch {
      throw LotteryError(config: error)
    }
  }

  /// What names this config: SHA3-256 of its bytes.
  package var hash: Hash32 { Keccak.sha3(bcs) }
}

extension SalesDistribution {
  fileprivate init(from reader: inout BCS.Reader) throws(LotteryError) {
    let shares: (UInt16, UInt16, UInt16, UInt16)
    do throws(BCSError) {
      shares = (try reader.uint16(), try reader.uint16(), try reader.uint16(), try reader.uint16())
    } catch {
      throw LotteryError(config: error)
    }
    try self.init(
      prizeBps: shares.0, jackpotBps: shares.1, operationsBps: shares.2, reserveBps: shares.3)
  }
}

extension Schema {
  /// Which BCS lengths are read.
  package var lengths: BCS.Lengths { self == .v1 ? .padded : .canonical }
}

extension LotteryError {
  /// A config, or a partner's cap, that is not in its form.
  package init(config error: BCSError) { self.init(.bcsDecode, "the bytes are not a config: \(error.message)") }
}
