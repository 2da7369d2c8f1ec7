import CelerityCore

/// A search that the gateway could not read, shown with a mark at the place.
enum QueryFault {
  /// The error with the query and the place in it, as far as this program reads the language as the gateway does.
  static func explain(_ error: ClientError, query: String?) -> ClientError {
    guard error.code == "invalid-query", let query else { return error }
    do throws(TaskFilterError) {
      _ = try TaskFilter(query)
      return error
    } catch let fault {
      var error = error
      error.cause = TextPlace(Array(query.utf8), offset: fault.offset).picture
      error.hint = error.hint ?? fault.hint ?? "--query 'state:FAILURE task:finance.* created:<1h'"
      return error
    }
  }
}
