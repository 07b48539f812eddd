import Codecs
import Money
import Testing
import Wallet

@Suite("Vectors: risk, products, challenges")
struct RiskVectorTests {
  static func settings(_ config: JSON?) throws -> RiskSettings {
    func units(_ key: String) throws -> UInt256? { try config?[key]?.string.map { try Points.units($0) } }
    return RiskSettings(
      reviewLimit: try units("warn"), blockLimit: try units("block"),
      blockedAddresses: Set((config?.list("blocked_ips") ?? []).compactMap(\.string)),
      trustedAddresses: Set((config?.list("trusted_ips") ?? []).compactMap(\.string)),
      newDeviceLimit: try units("device_review"))
  }

  @Test func `every evaluation of the vectors holds, with its events, notices and devices`() throws {
    for vector in try WalletVectors.cases("risk_rules") {
      let settings = try Self.settings(vector["config"])
      var devices = Set(vector.list("known_devices").map { ($0.array ?? []).compactMap(\.string) })
      let ids = NodeCounter("evt-")
      for step in vector.list("evaluations") {
        let (given, expected) = (try #require(step["context"]), try #require(step["expected"]))
        let name: Comment = "\(vector.text("name")) \(given.text("request_id"))"
        let verdict = settings.judge(
          RiskContext(
            request: given.text("request_id"), user: given.text("user_id"),
            amount: try Points.units(given.text("amount")), address: given["ip"]?.string,
            device: given["device"]?.string, place: given["geo"]?.string),
          isKnown: { devices.contains([given.text("user_id"), $0]) })
        if let device = verdict.newDevice { devices.insert([given.text("user_id"), device]) }
        if let rejected = expected["rejected"] {
          #expect(!verdict.isAllowed && .string(verdict.reason) == rejected, name)
        } else {
          #expect(.bool(verdict.isAllowed) == expected["allowed"], name)
          #expect(.bool(verdict.needsReview) == expected["requires_review"], name)
          #expect(.array(verdict.findings.map(Self.json)) == expected["findings"], name)
        }
        let events = verdict.findings.map { finding -> JSON in
          [
            "event_id": .string(ids.next()), "category": .string(finding.rule.rawValue),
            "severity": .string(finding.severity.rawValue), "message": .string(finding.message),
            "attributes": .object(verdict.attributes(finding)),
          ]
        }
        #expect(.array(events) == expected["events"], name)
        #expect(.array(verdict.notices.map(\.json)) == expected["notifications"], name)
        #expect(devices == Set(expected.list("known_devices").map { ($0.array ?? []).compactMap(\.string) }), name)
      }
    }
  }

  private static func json(_ finding: RiskFinding) -> JSON {
    var detail = JSONObject()
    for (key, value) in finding.detail { _ = detail.append(key, .string(value)) }
    return [
      "rule": .string(finding.rule.rawValue), "severity": .string(finding.severity.rawValue),
      "message": .string(finding.message), "metadata": finding.detail.isEmpty ? .null : .object(detail),
    ]
  }

  @Test func `every order of products in the vectors holds`() throws {
    for vector in try WalletVectors.cases("commerce_orders") {
      let products = vector.list("products").map {
        Product(
          id: $0.text("id"), name: $0.text("name"), price: $0.text("price"), pointValue: $0.text("pv"),
          status: $0.text("status"))
      }
      let items = vector.list("items").map { (product: $0.text("product_id"), quantity: $0["quantity"]?.uint64 ?? 0) }
      let (name, expected): (Comment, JSON) = ("\(vector.text("name"))", try #require(vector["expected"]))
      do {
        let order = try CommerceOrder(items: items, product: { id in products.first { $0.id == id } })
        #expect(.string(CommerceOrder.text(order.total)) == expected["total_amount"], name)
        #expect(.string(CommerceOrder.text(order.pointValue)) == expected["pv_amount"], name)
        #expect(.object(order.metadata(vector["metadata"]?.object)) == expected["metadata"], name)
        let isForwarded = CommerceOrder.isForwarded(
          isAsked: vector["sync"]?.bool == true, key: vector["idempotency_key"]?.string)
        #expect(.integer(isForwarded ? 1 : 0) == expected["forwarded"], name)
      } catch {
        let kinds: [String: WalletError.Code] = [
          "EmptyOrderError": .emptyOrder, "ProductUnavailableError": .productUnavailable, "CommerceError": .badOrder,
        ]
        #expect(error.code == kinds[expected["error"]?.text("type") ?? ""], name)
        #expect(.string(error.message) == expected["error"]?["message"], name)
      }
    }
  }

  @Test func `every challenge and notice of the vectors holds`() throws {
    for vector in try WalletVectors.cases("turnstile_webhook") {
      let (expected, status) = (vector["expected"], Int(vector["response_status"]?.uint64 ?? 0))
      let wanted = try #require(vector["expected_request"])
      guard vector["kind"] == "turnstile" else {
        #expect(Notice(subject: "Test", body: "Body").json == wanted["body"])
        #expect(Notice.isTaken(status: status) == (expected == "ok"), "\(vector)")
        continue
      }
      let name: Comment = "\(vector.text("name"))"
      do {
        let form = try Challenge.form(
          secret: "test-secret", token: vector.text("token"), address: vector["remote_ip"]?.string)
        #expect(.string(Challenge.url) == wanted["url"] && wanted["timeout"] == .number("5.0"), name)
        #expect(.object(try JSONObject(form.map { ($0.name, JSON.string($0.value)) })) == wanted["form"], name)
        // A text is no JSON on the wire.
        let body = try #require(vector["response"])
        try Challenge.check(status: status, body: body.string.map { Array($0.utf8) } ?? body.utf8)
        #expect(expected?["result"] == true, name)
      } catch let error as WalletError {
        let kind = expected?["error"]?.text("type")
        #expect(error.code == (kind == "ValueError" ? .challengeMissing : .challengeFailed), name)
        // Errors of the transport end as a challenge that was not passed.
        if kind == "TurnstileError" { #expect(.string(error.message) == expected?["error"]?["message"], name) }
      }
    }
  }
}
