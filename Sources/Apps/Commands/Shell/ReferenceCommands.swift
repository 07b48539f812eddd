import Policy
import Terminal

/// `reference`: the pages of docs/reference that are made from the program itself, so that they cannot differ.
enum ReferenceCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "reference", "Print a reference page: cli, settings, permissions, exit-codes, or env",
      example: "almoner reference --page cli", [.value("page", "PAGE", "cli, settings, permissions, exit-codes or env")]
    ) { app in
      guard let page = page(try app.arguments.required("page")) else {
        throw CommandError(.usage, "there is no such page", hint: "cli, settings, permissions, exit-codes or env")
      }
      app.terminal.line(page)
      return .success
    }
  ]

  static func page(_ name: String) -> String? {
    switch name {
    case "cli": cli
    case "settings": settings
    case "exit-codes": exitCodes
    case "permissions": permissions
    case "env": environment
    default: nil
    }
  }

  private static var cli: String {
    var out = [
      "# Commands", "",
      "Made by `almoner reference --page cli`. `airdrop X` is `almoner airdrop X`; called as `airdrop`, the binary offers the airdrop commands and the common ones.",
      "Results go to standard output, progress and complaints to standard error. Every command takes `--dsn`, `--config`, `--json` and `--help`.",
    ]
    for command in Catalogue.all {
      let prefix = command.line == .airdrop ? "airdrop " : "almoner "
      out += [
        "", "## \(prefix)\(command.path.joined(separator: " "))", "", "\(command.summary).", "",
        "    \(command.example)",
      ]
      guard !command.options.isEmpty else { continue }
      out += ["", "| Option | Meaning |", "| --- | --- |"]
      for option in command.options {
        let form =
          switch option.kind {
          case .value(let what): "--\(option.name) \(what)"
          case .optional(let what): "--\(option.name)[=\(what)]"
          case .flag: "--\(option.name)"
          case .list(let what): "--\(option.name) \(what) ..."
          }
        out.append("| `\(form)` | \(option.help) |")
      }
    }
    return out.joined(separator: "\n")
  }

  private static var settings: String {
    var out = [
      "# Settings", "",
      "Made by `almoner reference --page settings`. A flag beats the environment, the environment beats the file named by `AM_CONFIG` or `--config`, the file beats the default.",
      "`almoner config check` says what is set, from where, and what is missing. Secrets are never values here: they come from a file or a token.",
      "", "| Name | Meaning | Default | Flag |", "| --- | --- | --- | --- |",
    ]
    for spec in SettingSpec.all where spec.notYet == nil {
      out.append(
        "| `\(spec.name)` | \(spec.summary) | \(spec.standard.map { "`\($0)`" } ?? "none") | \(spec.flag.map { "`--\($0)`" } ?? "") |"
      )
    }
    out += [
      "", "Refused with `config.not_supported` until their features are built, never ignored:", "",
      "| Name | Feature | Until then |",
      "| --- | --- | --- |",
    ]
    for spec in SettingSpec.all {
      if let notYet = spec.notYet { out.append("| `\(spec.name)` | \(spec.summary) | \(notYet) |") }
    }
    return out.joined(separator: "\n")
  }

  /// A file of settings to begin with: every one, commented out, with its default.
  private static var environment: String {
    var out = [
      "# Settings of almoner, for EnvironmentFile= of systemd or AM_CONFIG. Made by `almoner reference --page env`.",
      "# A secret never stands here: the setting names a file that only its reader can read.",
    ]
    for spec in SettingSpec.all where spec.notYet == nil {
      out += ["", "# \(spec.summary)", "#\(spec.name)=\(spec.standard ?? "")"]
    }
    return out.joined(separator: "\n")
  }

  private static var permissions: String {
    var out = [
      "# Permissions", "",
      "Made by `almoner reference --page permissions` from the one table that every command asks. A person may have several roles; what any of them allows is allowed.",
      "With nobody enrolled, the local operator may do everything, and every report says so.", "",
      "| Permission | May | " + Role.allCases.map(\.rawValue).joined(separator: " | ") + " | Fresh code |",
      "| --- | --- |" + String(repeating: " --- |", count: Role.allCases.count + 1),
    ]
    for permission in Permission.allCases {
      let cells = Role.allCases.map { permission.roles.contains($0) ? "yes" : "" }
      out.append(
        "| `\(permission.rawValue)` | \(permission.meaning) | \(cells.joined(separator: " | ")) | \(permission.needsFreshCode ? "yes" : "") |"
      )
    }
    out += ["", "Never in one person:", ""]
    out += Role.exclusive.map { "- \($0.rawValue) and \($1.rawValue)" }
    out += ["", "Which command needs what:", "", "| Command | Needs |", "| --- | --- |"]
    out += Catalogue.all.map { "| `\($0.path.joined(separator: " "))` | \(CommandAccess.of($0).text) |" }
    return out.joined(separator: "\n")
  }

  private static var exitCodes: String {
    var out = [
      "# Exit codes", "",
      "Made by `almoner reference --page exit-codes`. `run` ends 0 only when every payout is confirmed or compensated, and 75 when a repeat can finish the rest.",
      "", "| Code | Name | Meaning |", "| --- | --- | --- |",
    ]
    for status in ExitStatus.allCases { out.append("| \(status.rawValue) | \(status) | \(status.meaning) |") }
    out += [
      "", "Which error ends how: the exact code first, then its area.", "", "| Error | Exit code |", "| --- | --- |",
    ]
    for (code, status) in ExitStatus.table { out.append("| `\(code)` | \(status.rawValue) |") }
    return out.joined(separator: "\n")
  }
}
