/// Orders that wait for their workers: the whole meaning of `WorkerOrders` without the waiting, as a value that stores
/// keep in memory.
public struct OrderBook: Sendable, Hashable {
  private struct Page: Sendable, Hashable {
    var incarnation: ByteText
    var orders: [NumberedOrder]
  }

  /// How many orders are kept for a worker that does not ask.
  public static let keptOrders = 100

  private var pages: [ByteText: Page] = [:]
  private var lastNumber: Int64 = 0

  /// A book without orders.
  public init() {}

  /// Writes down an order for the one among these workers that has the name; `false` when there is none. The pages of
  /// workers that are gone are torn out.
  public mutating func add(
    _ order: WorkerOrder, to name: String, among workers: [WorkerInfo]
  ) throws(EngineError) -> Bool {
    if case .scale(let slots) = order, slots < 1 {
      throw EngineError(.invalid, "a worker can't run \(slots) tasks at once", hint: "stop it instead")
    }
    let incarnations = Dictionary(workers.map { (ByteText($0.name), ByteText($0.incarnation)) }) { _, last in last }
    pages = pages.filter { incarnations[$0.key] == $0.value.incarnation }
    guard let incarnation = incarnations[ByteText(name)] else { return false }
    lastNumber += 1
    var page = pages[ByteText(name)] ?? Page(incarnation: incarnation, orders: [])
    page.orders.append(NumberedOrder(number: lastNumber, order: order))
    page.orders.removeFirst(max(0, page.orders.count - Self.keptOrders))
    pages[ByteText(name)] = page
    return true
  }

  /// Orders for a worker after a number; those up to it are forgotten.
  public mutating func next(worker name: String, incarnation: String, after number: Int64) -> [NumberedOrder] {
    guard var page = pages[ByteText(name)], page.incarnation == ByteText(incarnation) else { return [] }
    page.orders.removeAll { $0.number <= number }
    pages[ByteText(name)] = page.orders.isEmpty ? nil : page
    return page.orders
  }

  /// Tears out the page of a worker that went.
  public mutating func remove(worker name: String) {
    pages[ByteText(name)] = nil
  }

  /// Tears out all pages; numbers go on.
  public mutating func removeAll() {
    pages = [:]
  }
}
