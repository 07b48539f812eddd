/// Every command there is, in the order of the help text.
package enum Catalogue {
  package static let all: [CommandSpec] =
    CampaignCommands.all + RecipientCommands.all + RunCommands.all + WorkerCommand.all + ServeCommand.all
    + PayoutCommands.all + SettleCommands.all
    + PolicyCommands.all + AddressCommands.all + ReviewCommands.all + SafetyCommands.all
    + ProofCommands.all + ReportCommands.all + ExportCommands.all + OutboxCommands.all + SettingsCommands.all
    + ListCommands.all + StoreCommands.all + CopyCommand.all + LaneCommands.all + KeyCommands.all + SignerCommand.all
    + ContractCommands.all
    + DemoCommands.all
    + PeopleCommands.all + LoginCommands.all + ApprovalCommands.all + ProposalCommands.all + SecretCommands.all
    + LotteryCommands.all + LotteryProofCommands.all + LotteryDrawCommands.all + LotteryPageCommand.all
    + VRFCommands.all + MonitorCommands.all + DrawCommands.all + ExplainCommand.all
    + RunbookCommands.all + IncidentCommands.all + OpsCommands.all + ReferenceCommands.all
}
