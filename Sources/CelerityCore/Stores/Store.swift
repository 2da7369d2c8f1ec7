/// Everything one store offers. Parts take the protocols they use; only the executable sees them together.
public typealias Store = Engine & RecordReader & ChangeFeed & ProgressStore & StepStore & PermitStore & RevocationStore
  & LeadershipStore & WorkerPresence & WorkerOrders & DocumentStore & BlobStore & CacheStore & CacheStatistics
  & StoreStatistics
