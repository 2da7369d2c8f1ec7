public import CelerityCore

/// How a scheduler works.
public struct SchedulerConfiguration: Sendable {
  /// Who this is, among the schedulers of a store.
  public var holder: String
  /// How long leadership holds without being renewed; a standby takes over after at most this.
  public var leadership: Duration
  public var retention: Retention
  /// Most rows touched by one duty in one commit.
  public var maintenanceLimit: Int
  /// Whose tasks the entries submit.
  public var tenant: Tenant

  /// A scheduler's settings, each with the platform's default.
  public init(
    holder: String, leadership: Duration = .seconds(15), retention: Retention = Retention(),
    maintenanceLimit: Int = 1000, tenant: Tenant = .default
  ) {
    self.holder = holder
    self.leadership = leadership
    self.retention = retention
    self.maintenanceLimit = maintenanceLimit
    self.tenant = tenant
  }
}

/// What a scheduler needs of a store.
public typealias SchedulerStore = Engine & LeadershipStore & DocumentStore
