/// Every command there is, in the order of the help text.
package enum Catalogue {
  package static let all: [CommandSpec] =
    CampaignCommands.all + RecipientCommands.all + RunCommands.all + WorkerCommand.all + PayoutCommands.all
    + PolicyCommands.all + ReviewCommands.all + SafetyCommands.all
    + ProofCommands.all + ReportCommands.all + ExportCommands.all + OutboxCommands.all + SettingsCommands.all
    + StoreCommands.all + LaneCommands.all + KeyCommands.all + ContractCommands.all + DemoCommands.all
    + ReferenceCommands.all
}
