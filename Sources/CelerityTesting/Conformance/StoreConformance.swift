public import CelerityCore

/// The suite that every store runs: each sentence of the contracts in `CelerityCore/Engine` and `CelerityCore/Stores`.
///
/// A test target needs one parameterised test over `StoreConformance.cases` that calls `check`.
public struct StoreConformance: Sendable {
  private let order: ClaimOrder
  private let makeStore: @Sendable (TestTime) async throws -> any Store
  private let restart: (@Sendable (any Store, TestTime) async throws -> any Store)?
  private let dispose: @Sendable (any Store) async throws -> Void

  /// How long a case may take on the machine's clock before it counts as hanging.
  private static let patience = Duration.seconds(120)

  /// A suite for one kind of store.
  ///
  /// - Parameters:
  ///   - order: which waiting task goes first there.
  ///   - makeStore: makes an empty store on these clocks, with the default policies.
  ///   - restart: opens the store again as after the death of the process that had it; without it, cases that need it fail.
  ///   - dispose: gives back what the store holds.
  public init(
    order: ClaimOrder = .ranks(PriorityRank()),
    makeStore: @escaping @Sendable (TestTime) async throws -> any Store,
    restart: (@Sendable (any Store, TestTime) async throws -> any Store)? = nil,
    dispose: @escaping @Sendable (any Store) async throws -> Void = { _ in }
  ) {
    self.order = order
    self.makeStore = makeStore
    self.restart = restart
    self.dispose = dispose
  }

  /// Every sentence, by concern.
  public static let cases: [ConformanceCase] =
    SubmitCases.all + IdempotencyCases.all + UniqueCases.all + FetchCases.all + WaitCases.all + LeaseCases.all
    + OutcomeCases.all + SettleCases.all + GroupCases.all + GroupFailureCases.all + BornFailedCases.all
    + FollowingCases.all + PromiseCases.all + CancelCases.all + QueueCases.all + DeadLetterCases.all + DueCases.all
    + RetentionCases.all
    + RestartCases.all + RecordCases.all + ListCases.all
    + ChangeCases.all + HintCases.all + ProgressCases.all + LogCases.all + StepCases.all + PermitCases.all
    + RateCases.all + RevocationCases.all + LeadershipCases.all + PresenceCases.all + DocumentCases.all
    + BlobCases.all + CacheCases.all + TenantCases.all + OrderCases.all + MoveCases.all + DepthCases.all
    + FilterCases.all

  /// Runs one case on a fresh store; throws `ConformanceFailure` where the store breaks its contract.
  public func check(_ conformance: ConformanceCase) async throws {
    let time = TestTime()
    let store = try await makeStore(time)
    let run = ConformanceRun(store: store, time: time, order: order, reopen: restart)
    let result = await Self.watched { try await conformance.body(run) }
    try await dispose(run.latest)
    try result.get()
  }

  /// Compares the store with the one in memory over random verbs.
  public func differential(seed: UInt64, steps: Int) async throws {
    let time = TestTime()
    let store = try await makeStore(time)
    let result = await Self.watched {
      try await compare(seed: seed, steps: steps, with: store, on: time, order: order)
    }
    try await dispose(store)
    try result.get()
  }

  private static func watched(_ body: @escaping @Sendable () async throws -> Void) async -> Result<Void, any Error> {
    await withTaskGroup(of: Result<Void, any Error>.self) { group in
      group.addTask {
        do {
          return .success(try await body())
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        try? await ContinuousClock().sleep(for: patience)
        return .failure(ConformanceFailure("the case did not end within \(patience)"))
      }
      let first = await group.next()
      group.cancelAll()
      return first ?? .success(())
    }
  }
}
