import CPostgreSQL

/// Where notices go instead of standard error. libpq calls from the thread that uses the connection.
final class NoticeBox {
  private var warning: String?

  /// The box itself, as libpq hands it back. It lives as long as its connection.
  var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  func take() -> String? {
    defer { warning = nil }
    return warning
  }

  fileprivate func receive(_ result: OpaquePointer?) {
    // 'V': the severity, never translated.
    guard let severity = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "V"))),
      unsafe String(cString: severity) == "WARNING"
    else { return }
    warning = unsafe Connection.sentence(PQresultErrorField(result, Int32(UInt8(ascii: "M"))))
  }
}

let noticeReceiver: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?) -> Void = { context, result in
  guard let context = unsafe context else { return }
  unsafe Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue().receive(result)
}
