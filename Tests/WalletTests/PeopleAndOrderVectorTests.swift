import Codecs
import Foundation
import OpenSSL
import TestSupport
import Testing
import Wallet

@Suite("Vectors: masking, permissions, payloads")
struct PeopleAndOrderVectorTests {
  @Test func `every masked text of the vectors holds`() throws {
    for vector in try WalletVectors.cases("masking") {
      let text = vector["input"]?.string
      let expected = vector["required_instead"]?["expected"] ?? vector["expected"]
      switch vector["function"]?.string {
      case "email": #expect(.string(Masking.email(text)) == expected, "\(vector)")
      case "phone": #expect(.string(Masking.phone(text)) == expected, "\(vector)")
      case "wallet_address": #expect(.string(Masking.walletAddress(text)) == expected, "\(vector)")
      case "identifier": #expect(.string(Masking.identifier(text)) == expected, "\(vector)")
      case "withdrawal_payload":
        let access = WalletAccess((vector["roles"]?.array ?? []).compactMap(\.string))
        let payload = try #require(vector["input"]?.object)
        #expect(.object(Masking.withdrawal(payload, for: access)) == expected, "\(vector)")
      default: Issue.record("nobody checks \(vector)")
      }
    }
  }

  @Test func `every permission of the vectors holds`() throws {
    for vector in try WalletVectors.cases("permissions") {
      let access = WalletAccess((vector["roles"] ?? vector["raw_roles"])?.array?.compactMap(\.string) ?? [])
      switch vector["kind"]?.string {
      case "permissions_for":
        let expected = Set((vector["expected"]?.array ?? []).compactMap(\.string))
        #expect(Set(access.permissions.map(\.rawValue)) == expected, "\(vector)")
      case "authorize":
        let held = Set(access.permissions.map(\.rawValue))
        let missing = (vector["required"]?.array ?? []).compactMap(\.string).filter { !held.contains($0) }
        #expect(missing.isEmpty == vector["allowed"]?.bool, "\(vector)")
      case "malformed_scope": #expect(access.kpiNodes.isEmpty)
      default:
        let full = WalletAccess((vector["raw_roles"]?.array ?? []).compactMap(\.string))
        #expect(full.seesFullPersonalData == vector["full_personal_data"]?.bool, "\(vector)")
        #expect(full.readsEveryKPI == vector["global_kpi"]?.bool, "\(vector)")
        let nodes = Set(
          (vector["kpi_nodes"]?.array ?? []).flatMap { group in
            (group["nodes"]?.array ?? []).compactMap(\.string).map {
              WalletAccess.ScopedNode(tree: group["tree_type"]?.string, node: $0)
            }
          })
        #expect(full.kpiNodes == nodes, "\(vector)")
      }
    }
  }

  @Test func `every canonical payload of the vectors holds`() throws {
    for vector in try WalletVectors.cases("payload_hash") {
      let bytes = PayloadText.bytes(try #require(vector["payload"]?.object))
      #expect(String(decoding: bytes, as: UTF8.self) == vector["canonical_json"]?.string)
    }
  }

  @Test func `the signed bytes of a partner's call are the vectors'`() throws {
    for vector in try WalletVectors.cases("inbound_signature") {
      let body = Array(try #require(vector["body"]?.string).utf8)
      let input = InboundSignature.input(
        timestamp: vector["timestamp"]?.string ?? "", nonce: vector["nonce"]?.string ?? "", body: body)
      #expect(String(decoding: input, as: UTF8.self) == vector["signing_input"]?.string)
      let key = try SecretBytes(copying: Array(try #require(vector["secret"]?.string).utf8))
      let mac = Hex.text(try HMACSHA256.code(for: input, key: key))
      #expect(InboundSignature.prefix + mac == vector["header"]?.string)
    }
  }
}
