import CelerityJSON
import CelerityObservability
import CelerityTesting
import Testing

@Suite struct TextFormTests {
  private let families = [
    MetricFamily(
      MetricDefinition("jobs", .counter, labels: ["name", "why"], "Jobs with a \"quote\", a \\ and\na line end."),
      numbers: [(["plain", ""], 3), (["odd \"name\"\\", "two\nlines\r{}=,#"], 1.5)]),
    MetricFamily(MetricDefinition("depth", .gauge, "Depth."), -2),
    MetricFamily(
      MetricDefinition("run_seconds", .histogram([0.5, 1]), labels: ["name"], "Run time."),
      [MetricSample(labels: ["a"], value: .histogram(cumulative: [1, 3], count: 4, sum: 7.25))]),
    MetricFamily(MetricDefinition("unseen", .gauge, labels: ["x"], "Has no series."), []),
  ]

  @Test("Prometheus's text names counters with their suffix and escapes what would break a line")
  func prometheus() {
    #expect(
      String(decoding: TextForm.prometheus.text(families), as: UTF8.self) == #"""
        # HELP jobs_total Jobs with a "quote", a \\ and\na line end.
        # TYPE jobs_total counter
        jobs_total{name="odd \"name\"\\",why="two\nlines\#u{D}{}=,#"} 1.5
        jobs_total{name="plain",why=""} 3
        # HELP depth Depth.
        # TYPE depth gauge
        depth -2
        # HELP run_seconds Run time.
        # TYPE run_seconds histogram
        run_seconds_bucket{name="a",le="0.5"} 1
        run_seconds_bucket{name="a",le="1.0"} 3
        run_seconds_bucket{name="a",le="+Inf"} 4
        run_seconds_count{name="a"} 4
        run_seconds_sum{name="a"} 7.25

        """#)
  }

  @Test("OpenMetrics names the family without the suffix, has units and ends with a word")
  func openMetrics() {
    let lines = String(decoding: TextForm.openMetrics.text(families), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == #"# HELP jobs Jobs with a \"quote\", a \\ and\na line end."#)
    #expect(lines[1] == "# TYPE jobs counter")
    #expect(lines[3] == #"jobs_total{name="plain",why=""} 3"#)
    #expect(lines.contains("# UNIT run_seconds seconds"))
    #expect(lines.suffix(2) == ["# EOF", ""])
  }

  @Test(
    "Numbers are written as both forms read them",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (1e15, "1000000000000000"), (1e300, "1e+300"), (0.1, "0.1"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (.nan, "NaN"), (9_007_199_254_740_992, "9007199254740992.0"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ text: String) {
    let family = MetricFamily(MetricDefinition("x", .gauge, "X."), value)
    #expect(String(decoding: TextForm.prometheus.text([family]), as: UTF8.self).hasSuffix("\nx \(text)\n"))
  }

  @Test("JSON shows the same; what JSON has no number for is null")
  func json() throws {
    var writer = JSONWriter(reservingCapacity: 64)
    writer.beginObject()
    JSONForm.write(families + [MetricFamily(MetricDefinition("odd", .gauge, "Odd."), .infinity)], to: &writer)
    writer.endObject()
    let metrics = try #require(try RawJSON(validating: writer.finish().bytes)["metrics"])
    #expect(metrics["jobs_total"]?["type"]?.stringValue == "counter")
    #expect(metrics["unseen"] == nil)
    let odd = metrics["jobs_total"]?["series"]?.elements()?.first
    #expect(odd?["labels"]?["why"]?.stringValue == "two\nlines\r{}=,#")
    let run = metrics["run_seconds"]
    #expect(run?["unit"]?.stringValue == "seconds")
    #expect(run?["series"]?.elements()?.first?["count"]?.int64Value == 4)
    #expect(run?["series"]?.elements()?.first?["buckets"]?.elements()?.last?["count"]?.int64Value == 3)
    #expect(metrics["odd"]?["series"]?.elements()?.first?["value"] == .null)
  }
}

@Suite struct TableTests {
  @Test("Every metric of the table has a name and a sentence of its own; histograms have growing bounds")
  func table() {
    let all = MetricTable.all
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(Set(all.map(\.help)).count == all.count)
    for definition in all {
      #expect(definition.help.hasSuffix("."), "\(definition.name)")
      if case .histogram(let bounds) = definition.kind {
        #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count, "\(definition.name)")
      }
      let isOurs = ["celerity_", "celery_", "process_"].contains { definition.name.hasPrefix($0) }
      #expect(isOurs, "\(definition.name)")
    }
  }

  @Test("The process shows what it uses")
  func process() async throws {
    let families = await ProcessCollector(version: "1.2", time: TestTime()).collect()
    func number(_ definition: MetricDefinition) -> Double? {
      guard case .number(let value)? = families.first(where: { $0.definition == definition })?.samples.first?.value
      else { return nil }
      return value
    }
    let resident = try #require(number(MetricTable.processResident))
    let files = try #require(number(MetricTable.processFiles))
    #expect(resident > 1_000_000)
    #expect(try #require(number(MetricTable.processVirtual)) > resident)
    #expect(try #require(number(MetricTable.processCPU)) >= 0)
    #expect(files >= 3)
    #expect(try #require(number(MetricTable.processMaximumFiles)) >= files)
    #expect(number(MetricTable.uptime) == 0)
    #expect(families.first { $0.definition == MetricTable.build }?.samples.first?.labels == ["1.2"])
  }
}
