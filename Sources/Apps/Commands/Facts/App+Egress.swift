import Foundation
import Transport

extension App {
  /// Settings that name a host of HTTP requests, one URL or a comma list of them.
  static let urlSettings = [
    "AM_EVM_RPC", "AM_WATCHMAN_URL", "AM_YENTE_URL", "AM_KYC_URL", "AM_WEB3SIGNER_URL", "AM_KMS_URL", "AM_SUPRA_RPC",
    "MONITOR_WEBHOOK_URL", "MONITOR_PUSH_URL",
  ]

  /// The client for whatever a setting names: it goes nowhere else.
  func http() throws -> HTTPClient { HTTPClient(egress: try egress()) }

  /// AM_EGRESS_HOSTS; unset, the hosts that settings name. Throws `config.bad_value` for a list that leaves one of them
  /// out, since it could never be asked.
  private func egress() throws -> EgressHosts {
    var named: [(setting: String, url: URLText)] = []
    for setting in App.urlSettings {
      for text in (settings[setting] ?? "").split(separator: ",") {
        named.append((setting: setting, url: try URLText(parsing: text.trimmingCharacters(in: .whitespaces))))
      }
    }
    guard let text = settings["AM_EGRESS_HOSTS"] else { return EgressHosts(of: named.map(\.url)) }
    let hosts: EgressHosts
    do throws(TransportError) { hosts = try EgressHosts(parsing: text) } catch {
      throw CommandError(.badSetting, "AM_EGRESS_HOSTS: \(error.message)")
    }
    if let outside = named.first(where: { !hosts.allows($0.url) }) {
      throw CommandError(
        .badSetting, "\(outside.setting) names \(outside.url), which is not one of AM_EGRESS_HOSTS",
        hint: "add the host to the list, or unset one of them")
    }
    return hosts
  }
}
