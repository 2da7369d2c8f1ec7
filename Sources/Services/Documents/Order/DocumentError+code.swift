extension DocumentError {
  /// A stable word for a kind of error: a family of three letters and a number.
  ///
  /// `VAL` is about the data, `TPL` about templates and rendering, `API` about requests, `SYS` about the platform, `SEC` about
  /// attacks, `FIL` about files.
  enum Code: String, Sendable, Hashable, CaseIterable {
    case missingField = "VAL001"
    case wrongType = "VAL002"
    case badEmail = "VAL003"
    case oddPhone = "VAL004"
    case oddURL = "VAL005"
    case badDate = "VAL006"
    case tooLong = "VAL007"
    case tooShort = "VAL008"
    case dangerousText = "VAL012"
    case badYAML = "VAL014"
    case unknownTemplate = "TPL001"
    case renderFailed = "TPL003"
    case compileFailed = "TPL007"
    case pdfFailed = "TPL008"
    case malformedRequest = "API001"
    case missingParameter = "API002"
    case badParameter = "API003"
    case requestTimeout = "API004"
    case tooManyRequests = "API005"
    case badContentType = "API006"
    case tooLarge = "API007"
    case badMethod = "API008"
    case keyRequired = "API009"
    case notAllowed = "API010"
    case notFound = "API011"
    case conflict = "API012"
    case busy = "API013"
    case internalError = "SYS001"
    case programStopped = "SYS005"
    case programMissing = "SYS006"
    case resultExpired = "FIL001"
  }

  /// What is always so with a code.
  struct Facts: Sendable, Hashable {
    var status: Int
    var category: Category
    var severity: Severity
    var title: String
  }
}

extension DocumentError.Code {
  /// What is always so with this code.
  var facts: DocumentError.Facts {
    let status = status
    return DocumentError.Facts(status: status, category: category, severity: severity, title: title)
  }

  private var status: Int {
    switch self {
    case .missingField, .wrongType, .badEmail, .oddPhone, .oddURL, .badDate, .tooLong, .tooShort, .dangerousText,
      .badYAML, .badParameter:
      400
    case .keyRequired: 401
    case .notAllowed: 403
    case .unknownTemplate, .notFound: 404
    case .badMethod: 405
    case .conflict: 409
    case .resultExpired: 410
    case .tooLarge: 413
    case .badContentType: 415
    case .malformedRequest, .missingParameter: 422
    case .tooManyRequests: 429
    case .renderFailed, .compileFailed, .pdfFailed, .internalError, .programStopped, .programMissing: 500
    case .busy: 503
    case .requestTimeout: 504
    }
  }

  private var category: DocumentError.Category {
    if self == .dangerousText { return .security }
    return switch rawValue.prefix(3) {
    case "VAL": .validation
    case "TPL": .template
    case "API": .api
    case "FIL": .file
    default: .system
    }
  }

  private var severity: DocumentError.Severity {
    switch self {
    case .oddPhone, .oddURL, .conflict: .warning
    case .internalError, .programMissing, .dangerousText: .critical
    default: .error
    }
  }

  private var title: String {
    switch self {
    case .missingField: "A required field is missing"
    case .wrongType: "A field has the wrong type"
    case .badEmail: "An e-mail address is not valid"
    case .oddPhone: "A phone number looks odd"
    case .oddURL: "An address on the web looks odd"
    case .badDate: "A date can't be read"
    case .tooLong: "A value is too long"
    case .tooShort: "A value is too short"
    case .dangerousText: "The text holds dangerous commands"
    case .badYAML: "The YAML can't be read"
    case .unknownTemplate: "There is no such template"
    case .renderFailed: "The document could not be rendered"
    case .compileFailed: "The typesetter failed"
    case .pdfFailed: "The PDF could not be made"
    case .malformedRequest: "The request can't be read"
    case .missingParameter: "A parameter of the request is missing"
    case .badParameter: "A parameter of the request is not valid"
    case .requestTimeout: "The document took too long"
    case .tooManyRequests: "Too many requests"
    case .badContentType: "The content type is not supported"
    case .tooLarge: "The request is too large"
    case .badMethod: "The method is not allowed here"
    case .keyRequired: "A key is required"
    case .notAllowed: "The key does not allow this"
    case .notFound: "There is no such thing"
    case .conflict: "It can't be done in this state"
    case .busy: "The service is busy"
    case .internalError: "Something went wrong"
    case .programStopped: "A helper program was stopped"
    case .programMissing: "A helper program is missing"
    case .resultExpired: "The result is gone"
    }
  }
}
