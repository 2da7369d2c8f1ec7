public import CelerityCore
extension SQLiteStore: PermitStore {
  public func acquire(_ requests: [PermitRequest]) async throws(EngineError) -> [PermitAnswer] { requests.map { _ in .granted } }
  public func release(_ holders: [PermitHolder]) async throws(EngineError) {}
}
extension SQLiteStore { public static func restore(from: String, to: String, replacing: Bool) throws(EngineError) {} }
