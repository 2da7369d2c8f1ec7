import CelerityObservability
import Testing

@Suite struct RegistryTests {
  private let registry = MetricsRegistry(seriesLimit: 3)

  private func family(_ name: String) async throws -> MetricFamily {
    try #require(await registry.snapshot().first { $0.definition.name == name })
  }

  @Test("Counters grow, per set of labels, and never go back")
  func counters() async throws {
    let counter = registry.counter(MetricDefinition("jobs", .counter, labels: ["name"], "Jobs."))
    counter.with("b").add()
    counter.with("a").add(5)
    counter.with("a").add(-3)
    let samples = try await family("jobs").samples
    #expect(samples.map(\.labels) == [["a"], ["b"]])
    #expect(samples.map(\.value) == [.number(5), .number(1)])
  }

  @Test("What has no labels is there from the beginning")
  func withoutLabels() async throws {
    _ = registry.counter(MetricDefinition("starts", .counter, "Starts."))
    _ = registry.gauge(MetricDefinition("depth", .gauge, labels: ["queue"], "Depth."))
    #expect(try await family("starts").samples == [MetricSample(labels: [], value: .number(0))])
    #expect(try await family("depth").samples.isEmpty)
  }

  @Test("Histograms count at or below their bounds, and nothing that is no number")
  func histograms() async throws {
    let sizes = registry.histogram(MetricDefinition("size", .histogram([1, 2.5, 10]), "Sizes."))
    for size in [0.5, 1, 1.5, 2.5, 9, 10.5, 1e9] { sizes.with().observe(size) }
    for odd in [Double.nan, .infinity, -.infinity] { sizes.with().observe(odd) }
    #expect(
      try await family("size").samples.map(\.value) == [.histogram(cumulative: [2, 4, 5], count: 7, sum: 1e9 + 25)])
  }

  @Test("Label values beyond the limit are counted together as overflow")
  func overflow() async throws {
    let counter = registry.counter(MetricDefinition("hits", .counter, labels: ["path", "who"], "Hits."))
    for number in 0..<10 { counter.with("p\(number)", "w").add() }
    counter.with("p1", "w").add()
    let samples = try await family("hits").samples
    #expect(samples.count == 4)
    #expect(samples.first { $0.labels == ["overflow", "overflow"] }?.value == .number(7))
    #expect(samples.first { $0.labels == ["p1", "w"] }?.value == .number(2))
  }

  @Test("Counting from many threads at once loses nothing")
  func concurrent() async throws {
    let counter = registry.counter(MetricDefinition("all", .counter, labels: ["name"], "All."))
    let sizes = registry.histogram(MetricDefinition("sizes", .histogram([1]), "Sizes."))
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          for _ in 0..<1000 {
            counter.with("n\(number % 2)").add()
            sizes.with().observe(2)
          }
        }
      }
    }
    #expect(try await family("all").samples.map(\.value) == [.number(4000), .number(4000)])
    #expect(try await family("sizes").samples.map(\.value) == [.histogram(cumulative: [0], count: 8000, sum: 16000)])
  }

  @Test("Collectors are asked with every reading, and what they show is bounded and in order")
  func collectors() async throws {
    struct Depths: MetricsCollector {
      func collect() async -> [MetricFamily] {
        let definition = MetricDefinition("depths", .gauge, labels: ["queue"], "Depths.")
        return [MetricFamily(definition, numbers: (0..<5000).map { ([String(5000 - $0)], Double($0)) })]
      }
    }
    registry.add(Depths())
    let samples = try await family("depths").samples
    #expect(samples.count == 2000)
    #expect(samples.map { $0.labels[0] } == samples.map { $0.labels[0] }.sorted())
  }
}
