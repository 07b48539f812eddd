/// What is wrong with one row, and how to mend it.
///
/// The row goes to the rejects file under this code; every other row is judged as if it were not there.
package struct RowFault: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The row has more or fewer fields than the header has columns.
    case columnCount = "ingest.column_count"
    /// A quote stands inside an unquoted field, or something follows a closing quote.
    case badQuoting = "ingest.bad_quoting"
    /// A carriage return without a line feed.
    case bareCarriageReturn = "ingest.bare_carriage_return"
    /// One field is longer than 64 KiB.
    case fieldTooLarge = "ingest.field_too_large"
    /// The row is longer than 1 MiB.
    case rowTooLarge = "ingest.row_too_large"
    /// The columns kept as metadata are longer than 64 KiB together.
    case metadataTooLarge = "ingest.metadata_too_large"
    /// A byte of value zero.
    case zeroByte = "ingest.zero_byte"
    /// A field is not UTF-8.
    case notUTF8 = "ingest.not_utf8"
    /// An element of a JSON source is not a readable object.
    case badJSON = "ingest.bad_json"
    /// Two members of one JSON object have the same name, letter case aside.
    case duplicateMember = "ingest.duplicate_member"
    /// A member of a JSON object is itself a list or an object.
    case nestedValue = "ingest.nested_value"
    /// The address or the amount is empty or missing.
    case missingValue = "ingest.missing_value"

    /// The address has another form or length than the chain's.
    case badAddress = "ingest.bad_address"
    /// Upper and lower case letters do not match the address's checksum.
    case badChecksum = "ingest.bad_checksum"
    /// Payments to the zero address are lost.
    case zeroAddress = "ingest.zero_address"
    /// The address is the token or the batch contract itself.
    case forbiddenAddress = "ingest.forbidden_address"

    /// The amount is no number.
    case badAmount = "ingest.bad_amount"
    /// The amount has a plus or minus sign.
    case signedAmount = "ingest.signed_amount"
    /// The amount has thousands separators.
    case separatedAmount = "ingest.separated_amount"
    /// The amount has an exponent.
    case exponentAmount = "ingest.exponent_amount"
    /// The amount has spaces.
    case spacedAmount = "ingest.spaced_amount"
    /// The amount has a decimal point, but is to be in base units.
    case fractionalAmount = "ingest.fractional_amount"
    /// The amount has more digits after the point than the asset.
    case amountTooPrecise = "ingest.amount_too_precise"
    /// The amount is larger than 2^256 - 1 base units.
    case amountTooLarge = "ingest.amount_too_large"
    /// The amount is zero.
    case zeroAmount = "ingest.zero_amount"

    /// The payout id is longer than 128 characters or holds unprintable ones.
    case badPayoutID = "ingest.bad_payout_id"
    /// The payout id has the form of ids that are given out here.
    case reservedPayoutID = "ingest.reserved_payout_id"
    /// Another recipient in the file has the same payout id.
    case duplicatePayoutID = "ingest.duplicate_payout_id"
    /// A payout of an earlier load has the same payout id.
    case payoutIDTaken = "ingest.payout_id_taken"

    /// The recipient stands in the file more than once.
    case duplicateRecipient = "ingest.duplicate_recipient"
    /// The recipient was loaded into the campaign before.
    case alreadyLoaded = "ingest.already_loaded"
    /// The amounts of one recipient add up to more than 2^256 - 1.
    case sumOverflow = "ingest.sum_overflow"
    /// Rows of one recipient cannot be summed, because their payout ids differ.
    case sumOfDifferentIDs = "ingest.sum_of_different_ids"
  }
  package let code: Code
  /// Column or member name; nil when it is about the whole row.
  package let column: String?
  /// The refused value, masked and escaped; empty when there is none to show.
  package let value: String
  /// What differs from row to row: a count, a limit; nil when the code says it all.
  package let detail: String?

  package init(_ code: Code, column: String? = nil, value: String = "", detail: String? = nil) {
    self.code = code
    self.column = column
    self.value = value
    self.detail = detail
  }

  /// How to mend the row, for whoever supplied it.
  package var hint: String {
    detail.map { "\(code.hint) (\($0))" } ?? code.hint
  }
}

extension RowFault.Code {
  /// How to mend such a row.
  package var hint: String {
    switch self {
    case .columnCount: "give the row exactly one field for each column; quote fields that hold commas"
    case .badQuoting: "put the whole field in quotes and double every quote inside it"
    case .bareCarriageReturn: "end lines with LF or CRLF; quote fields that hold line breaks"
    case .fieldTooLarge: "shorten the field to 64 KiB"
    case .rowTooLarge: "shorten the row to 1 MiB; look for a quote that is not closed"
    case .metadataTooLarge: "keep at most 64 KiB of metadata for one recipient"
    case .zeroByte: "remove the zero byte; the file may be UTF-16 or damaged"
    case .notUTF8: "save the file as UTF-8; it may be Latin-1 (Windows-1252)"
    case .badJSON: "write one JSON object for each recipient"
    case .duplicateMember: "name each member once"
    case .nestedValue: "write the value as a string, or move its members up"
    case .missingValue: "fill in the value"
    case .badAddress: "copy the whole address again from its owner, without spaces"
    case .badChecksum: "a digit is wrong: compare the address with its owner, and do not just change the case"
    case .zeroAddress: "ask the recipient for an address"
    case .forbiddenAddress: "ask the recipient for an address of their own: tokens sent to a contract are stuck"
    case .badAmount: "write the amount with the digits 0 to 9 only"
    case .signedAmount: "remove the sign; amounts are always positive"
    case .separatedAmount: "remove the separators"
    case .exponentAmount: "write the number out; spreadsheets: format the column as text or as number without exponent"
    case .spacedAmount: "remove the spaces"
    case .fractionalAmount: "give base units, or say how many decimals the asset has with --decimals"
    case .amountTooPrecise: "round the amount yourself to the decimals of the asset"
    case .amountTooLarge: "check the amount; if it is in base units, leave --decimals out"
    case .zeroAmount: "remove the row or give an amount"
    case .badPayoutID: "use 1 to 128 printable characters, without spaces at the ends"
    case .reservedPayoutID: "ids of the form UUID-NUMBER are given out by almoner: choose another"
    case .duplicatePayoutID: "give every payout an id of its own"
    case .payoutIDTaken: "this id was used before: if the payout is a new one, give it a new id"
    case .duplicateRecipient: "keep one row for each recipient, or choose --on-duplicate sum, first or last"
    case .alreadyLoaded: "remove the row, or choose --on-duplicate first to skip recipients that were loaded before"
    case .sumOverflow: "check the amounts of this recipient"
    case .sumOfDifferentIDs: "give all rows of the recipient the same payout id, or none"
    }
  }
}
