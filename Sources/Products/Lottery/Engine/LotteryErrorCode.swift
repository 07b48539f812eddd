extension LotteryError {
  /// Why an operation was refused. Stable across releases: add cases freely, never rename or reuse one.
  ///
  /// Names and numbers of the original engine are in `LotteryErrorCode+Numbers.swift`.
  package enum Code: String, CaseIterable, Sendable {
    /// Primary type not 0…3.
    case tagPrimaryType = "lottery.tag_primary_type"
    /// Mask has a bit outside the known mask.
    case tagUnknownBit = "lottery.tag_unknown_bit"
    /// More than 16 bits set.
    case tagBudgetExceeded = "lottery.tag_budget_exceeded"
    /// Partner cap does not list the type.
    case primaryTypeNotAllowed = "lottery.primary_type_not_allowed"
    /// Config tags not a subset of the cap's mask.
    case tagMaskNotAllowed = "lottery.tag_mask_not_allowed"
    /// Role store absent.
    case rolesNotInitialized = "lottery.roles_not_initialized"
    /// No batch cap set.
    case payoutBatchCapMissing = "lottery.payout_batch_cap_missing"
    /// No cap for that partner.
    case partnerPayoutCapMissing = "lottery.partner_payout_cap_missing"
    /// Caller has no premium cap.
    case premiumCapMissing = "lottery.premium_cap_missing"
    /// Premium cap past its end.
    case premiumCapExpired = "lottery.premium_cap_expired"
    /// Any init_* called twice.
    case alreadyInitialized = "lottery.already_initialized"
    /// A store of the engine is absent: its `init` operation was not called.
    case registryMissing = "lottery.registry_missing"
    /// Id already used.
    case lotteryExists = "lottery.lottery_exists"
    /// Transition not in the table of section 3.
    case statusTransitionNotAllowed = "lottery.status_transition_not_allowed"
    /// Type change outside DRAFT.
    case primaryTypeLocked = "lottery.primary_type_locked"
    /// Tag change outside DRAFT/ACTIVE or after freeze.
    case tagsLocked = "lottery.tags_locked"
    /// Move to CLOSING while already frozen (cannot occur through public calls).
    case snapshotFrozen = "lottery.snapshot_frozen"
    /// Sales_start ≥ sales_end.
    case salesWindowInvalid = "lottery.sales_window_invalid"
    /// Price 0.
    case ticketPriceZero = "lottery.ticket_price_zero"
    /// Total limit 0, or per-address limit > total.
    case ticketLimitInvalid = "lottery.ticket_limit_invalid"
    /// No slots.
    case prizePlanEmpty = "lottery.prize_plan_empty"
    /// Slot with 0 winners, or reward type > 3.
    case prizeSlotInvalid = "lottery.prize_slot_invalid"
    /// Algorithm not 0…2.
    case drawAlgoUnsupported = "lottery.draw_algo_unsupported"
    /// Purchase outside [start, end].
    case salesWindowClosed = "lottery.sales_window_closed"
    /// Purchase when status ≠ ACTIVE.
    case lotteryNotActive = "lottery.lottery_not_active"
    /// Lottery status unsuitable for draw, winner, payout, finalize or archive step; also changed winner total.
    case drawStatusInvalid = "lottery.draw_status_invalid"
    /// Reason 0.
    case cancelReasonInvalid = "lottery.cancel_reason_invalid"
    /// Archive of a canceled lottery with no record.
    case cancellationRecordMissing = "lottery.cancellation_record_missing"
    /// The four shares do not sum to 10 000.
    case distributionBpsInvalid = "lottery.distribution_bps_invalid"
    /// Consuming more allowance than left.
    case jackpotAllowanceUnderflow = "lottery.jackpot_allowance_underflow"
    /// Raising a non-zero allowance.
    case jackpotAllowanceIncrease = "lottery.jackpot_allowance_increase"
    /// Prize paid would exceed allocated.
    case payoutAllocExceeded = "lottery.payout_alloc_exceeded"
    /// Operations paid would exceed operations allocated.
    case operationsAllocExceeded = "lottery.operations_alloc_exceeded"
    /// Feature has no record and devnet override is off.
    case featureUnknown = "lottery.feature_unknown"
    /// Mode not 0…2.
    case featureModeInvalid = "lottery.feature_mode_invalid"
    /// Feature off for the caller.
    case featureDisabled = "lottery.feature_disabled"
    /// The emergency stop is set; purchases, draws, payouts and automation wait until two people clear it.
    case emergencyStop = "lottery.emergency_stop"
    /// Page limit over 1000.
    case paginationLimit = "lottery.pagination_limit"
    /// Quantity 0.
    case purchaseQtyZero = "lottery.purchase_qty_zero"
    /// Quantity > 128.
    case purchaseQtyLimit = "lottery.purchase_qty_limit"
    /// Lottery total limit.
    case purchaseTotalLimit = "lottery.purchase_total_limit"
    /// Per-address limit.
    case purchaseAddressLimit = "lottery.purchase_address_limit"
    /// Quantity × price, a split part, or required minimum does not fit u64.
    case amountOverflow = "lottery.amount_overflow"
    /// Not raised; the number is kept for it.
    case premiumCapMismatch = "lottery.premium_cap_mismatch"
    /// 65th purchase in one block.
    case purchaseRateLimitBlock = "lottery.purchase_rate_limit_block"
    /// 11th purchase in a buyer's window.
    case purchaseRateLimitWindow = "lottery.purchase_rate_limit_window"
    /// First purchase in the last 15 s without premium.
    case purchaseGraceRestricted = "lottery.purchase_grace_restricted"
    /// Request outstanding, or fulfilled and not consumed.
    case vrfPending = "lottery.vrf_pending"
    /// Callback or schedule with no matching request.
    case vrfNotRequested = "lottery.vrf_not_requested"
    /// Nonce not registered, not current, or reused by the provider.
    case vrfNonceUnknown = "lottery.vrf_nonce_unknown"
    /// Client seed or message hash differs.
    case vrfPayloadMismatch = "lottery.vrf_payload_mismatch"
    /// Attempt counter at 255 (unreachable, see test catalogue).
    case vrfAttemptOutOfOrder = "lottery.vrf_attempt_out_of_order"
    /// Slot count 0 or > 255; callback count differs.
    case vrfRngCountInvalid = "lottery.vrf_rng_count_invalid"
    /// No tickets sold.
    case vrfSnapshotEmpty = "lottery.vrf_snapshot_empty"
    /// Randomness already consumed.
    case vrfConsumed = "lottery.vrf_consumed"
    /// Before retry_after_ts.
    case vrfRetryWindow = "lottery.vrf_retry_window"
    /// Next seed = 2^64−1.
    case vrfClientSeedOverflow = "lottery.vrf_client_seed_overflow"
    /// Deposit ledger absent on write.
    case vrfDepositNotInitialized = "lottery.vrf_deposit_not_initialized"
    /// Multiplier < 10 000.
    case vrfDepositConfig = "lottery.vrf_deposit_config"
    /// Requests paused.
    case vrfRequestsPaused = "lottery.vrf_requests_paused"
    /// Bad strategy or delays; schedule used with a non-manual strategy.
    case vrfRetryPolicyInvalid = "lottery.vrf_retry_policy_invalid"
    /// Manual strategy, later attempt, nothing scheduled.
    case vrfManualScheduleRequired = "lottery.vrf_manual_schedule_required"
    /// Schedule time 0 or in the past.
    case vrfManualDeadline = "lottery.vrf_manual_deadline"
    /// Winners asked before fulfilment.
    case winnerVrfNotReady = "lottery.winner_vrf_not_ready"
    /// Nothing left to assign.
    case winnerAllAssigned = "lottery.winner_all_assigned"
    /// Ordinal or ticket index outside range, or no sales state.
    case winnerIndexOutOfRange = "lottery.winner_index_out_of_range"
    /// 16 candidates all taken.
    case winnerDedupExhausted = "lottery.winner_dedup_exhausted"
    /// No winner state for the lottery.
    case payoutStateMissing = "lottery.payout_state_missing"
    /// Payout round ≠ last + 1; partner round < last.
    case payoutRoundNonMonotonic = "lottery.payout_round_non_monotonic"
    /// Payout timestamp earlier than the last one.
    case payoutCooldown = "lottery.payout_cooldown"
    /// Items > cap size.
    case payoutBatchTooLarge = "lottery.payout_batch_too_large"
    /// Cap cooldown not over.
    case payoutBatchCooldown = "lottery.payout_batch_cooldown"
    /// Nonce ≠ last + stride; constructor stride 0.
    case payoutBatchNonce = "lottery.payout_batch_nonce"
    /// Cap budget exceeded.
    case payoutOperationsBudget = "lottery.payout_operations_budget"
    /// Amount > remaining.
    case partnerPayoutBudgetExceeded = "lottery.partner_payout_budget_exceeded"
    /// Partner cooldown not over.
    case partnerPayoutCooldown = "lottery.partner_payout_cooldown"
    /// Nonce ≠ next; constructor stride 0.
    case partnerPayoutNonce = "lottery.partner_payout_nonce"
    /// Not raised; the number is kept for it.
    case partnerPayoutHolderMismatch = "lottery.partner_payout_holder_mismatch"
    /// Timestamp after expiry.
    case partnerPayoutExpired = "lottery.partner_payout_expired"
    /// Refund tracking not started.
    case refundNotActive = "lottery.refund_not_active"
    /// Round ≠ last + 1.
    case refundRoundNonMonotonic = "lottery.refund_round_non_monotonic"
    /// Refunded tickets > sold.
    case refundLimitTickets = "lottery.refund_limit_tickets"
    /// Refunded money > proceeds.
    case refundLimitFunds = "lottery.refund_limit_funds"
    /// Lottery not CANCELED, or no sales state.
    case refundStatusInvalid = "lottery.refund_status_invalid"
    /// All three amounts 0.
    case refundBatchEmpty = "lottery.refund_batch_empty"
    /// Refund time goes back; archive time before cancellation.
    case refundTimestamp = "lottery.refund_timestamp"
    /// Archive with tickets not refunded.
    case refundProgressIncomplete = "lottery.refund_progress_incomplete"
    /// Archive with money not refunded.
    case refundProgressFunds = "lottery.refund_progress_funds"
    /// Asset registered twice.
    case priceFeedExists = "lottery.price_feed_exists"
    /// Unknown asset.
    case priceFeedNotFound = "lottery.price_feed_not_found"
    /// Decimals > 18.
    case priceDecimalsInvalid = "lottery.price_decimals_invalid"
    /// Age > window.
    case priceStale = "lottery.price_stale"
    /// Fallback on.
    case priceFallbackActive = "lottery.price_fallback_active"
    /// Not raised; the number is kept for it.
    case priceClampTriggered = "lottery.price_clamp_triggered"
    /// Clamp on.
    case priceClampActive = "lottery.price_clamp_active"
    /// Clearing a clamp that is off.
    case priceClampNotActive = "lottery.price_clamp_not_active"
    /// Config or partner-cap bytes malformed.
    case bcsDecode = "lottery.bcs_decode"
    /// Automation store absent, or caller of init, register or rotate not the admin.
    case autobotRegistryMissing = "lottery.autobot_registry_missing"
    /// Operator already known.
    case autobotAlreadyRegistered = "lottery.autobot_already_registered"
    /// Operator unknown or has no cap.
    case autobotNotRegistered = "lottery.autobot_not_registered"
    /// Now > expires_at; expires_at 0 at registration.
    case autobotExpired = "lottery.autobot_expired"
    /// Action not allowed; empty action list.
    case autobotForbiddenTarget = "lottery.autobot_forbidden_target"
    /// Failure_count ≥ max_failures; max_failures 0.
    case autobotFailureLimit = "lottery.autobot_failure_limit"
    /// Time-lock too short, not elapsed, or zero on a dry run.
    case autobotTimelock = "lottery.autobot_timelock"
    /// Second dry run.
    case autobotPendingExists = "lottery.autobot_pending_exists"
    /// Digest differs from announced.
    case autobotPendingMismatch = "lottery.autobot_pending_mismatch"
    /// Nothing announced.
    case autobotPendingRequired = "lottery.autobot_pending_required"
    /// Empty digest.
    case autobotActionHashEmpty = "lottery.autobot_action_hash_empty"
    /// Caller is not the cap's operator.
    case autobotCallerMismatch = "lottery.autobot_caller_mismatch"
    /// Archive store absent; non-admin init.
    case historyMissing = "lottery.history_missing"
    /// Native summary rewritten with other bytes; expected hash differs.
    case historyMismatch = "lottery.history_mismatch"
    /// Finalize before all winners assigned.
    case finalizationIncomplete = "lottery.finalization_incomplete"
    /// Non-admin on history or dual-write.
    case historyNotAuthorized = "lottery.history_not_authorized"
    /// No expectation set and abort_on_missing.
    case historyExpectedMissing = "lottery.history_expected_missing"
    /// Dual-write store absent.
    case historyControlMissing = "lottery.history_control_missing"
    /// Import hash differs.
    case historyImportHash = "lottery.history_import_hash"
    /// Id inside bytes ≠ argument.
    case historyIdMismatch = "lottery.history_id_mismatch"
    /// Legacy operation on a native record, or native write over a legacy one, or import over a native one.
    case historyNotLegacy = "lottery.history_not_legacy"
    /// Rollback or reclassify of an unknown id.
    case historySummaryMissing = "lottery.history_summary_missing"
    /// Summary bytes malformed.
    case historyDecode = "lottery.history_decode"

    // MARK: Ours: in schema 1 they go by the name that the original used, or by none

    /// The caller is not the admin, nor anybody else who may do this.
    case notAuthorized = "lottery.not_authorized"
    /// No lottery has this id.
    case lotteryNotFound = "lottery.not_found"
    /// A sum, difference or product does not fit 64 bits.
    case arithmetic = "lottery.arithmetic"
    /// A batch of zero winners was asked for.
    case batchLimitZero = "lottery.batch_limit_zero"
    /// The randomness has no number for a prize slot.
    case numberMissing = "lottery.number_missing"
    /// The tag may not stand on a lottery of this type (policy matrix).
    case tagNotAllowed = "lottery.tag_not_allowed"
    /// More winners than tickets, though no ticket may win twice.
    case tooFewTickets = "lottery.too_few_tickets"
    /// The draw algorithm and the rule of distinct winners contradict each other.
    case drawAlgoMismatch = "lottery.draw_algo_mismatch"
    /// More winners are said to be paid than were assigned.
    case winnersPaidExceeded = "lottery.winners_paid_exceeded"
    /// Winners are assigned and neither paid nor waived.
    case winnersUnpaid = "lottery.winners_unpaid"
    /// The partner's cap is unknown, expired, or for another slug, series or number of lotteries.
    case partnerCapRefused = "lottery.partner_cap_refused"
    /// The moment lies before something that has already happened.
    case timeReversed = "lottery.time_reversed"
    /// A buyer used up their share of the purchases of this block.
    case purchaseBlockShare = "lottery.purchase_block_share"
    /// The reward backend is neither native nor partner.
    case rewardBackendInvalid = "lottery.reward_backend_invalid"
    /// A prize without winners to pay it to, or beyond the money that is left.
    case refundAfterPayout = "lottery.refund_after_payout"
    /// A bot's schedule is neither empty nor a cron line of five fields.
    case cronInvalid = "lottery.cron_invalid"
    /// A price, its window or its threshold is 0, or its time goes back or lies ahead.
    case priceValueInvalid = "lottery.price_value_invalid"
    /// Only the package account sets up the old system's store.
    case legacyNotAuthorized = "lottery.legacy_not_authorized"
  }
}
