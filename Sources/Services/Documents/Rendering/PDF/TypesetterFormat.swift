import CelerityCore
import CelerityTasks

/// The preamble as the typesetter keeps it after reading: made once, then loaded in a fraction of the time.
///
/// Making it takes seconds of a processor, so only one is made at a time in a process, and the platform's cache hands it to
/// other processes.
actor TypesetterFormat {
  private var format: [UInt8]?
  private var isMaking = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// The format, from whoever has it, else made now.
  func bytes(_ typesetter: Typesetter) async throws(DocumentError) -> [UInt8] {
    while isMaking {
      await withCheckedContinuation { waiting.append($0) }
    }
    if let format { return format }
    isMaking = true
    defer {
      isMaking = false
      let resumed = waiting
      waiting = []
      for one in resumed { one.resume() }
    }
    let made = try await typesetter.cachedOrMadeFormat()
    format = made
    return made
  }

  /// Sees to it that a format is there before it is needed. What the cache has stays there alone: who waits for work need not
  /// hold ten megabytes.
  func prepare(_ typesetter: Typesetter) async {
    let isThere = (try? await bytes(typesetter)) != nil
    if isThere, typesetter.resources.cache.keepsCache { format = nil }
  }

  /// Forgets a format that the typesetter did not take, as after an update of it.
  func forget(_ stale: [UInt8], _ typesetter: Typesetter) async {
    if format == stale { format = nil }
    await typesetter.uncacheFormat()
  }
}

extension Typesetter {
  /// Where the format is in the cache: another preamble or another typesetter needs another one. It is no document, and so
  /// not in the figures that tell how well documents are found.
  private func key() async throws(DocumentError) -> CacheKey {
    let version = try await run(["--version"], environment: [:], files: [], outputs: []).log
    let text = TeXPreamble.source + Self.formatSource + String(decoding: version, as: UTF8.self)
    return CacheKey("_documents-typesetter", SHA256.digest(Array(text.utf8)).hexadecimal)
  }

  fileprivate func cachedOrMadeFormat() async throws(DocumentError) -> [UInt8] {
    let key = try await key()
    // Without a cache the format is made; nothing else changes.
    if let cached = try? await resources.cache.cached(key) { return cached.bytes }
    let made = try await makeFormat()
    let blob = Blob(contentType: "application/octet-stream", bytes: made)
    try? await resources.cache.cache(blob, at: key, for: .seconds(7 * 86_400), bound: 256 << 20)
    return made
  }

  fileprivate func uncacheFormat() async {
    guard let key = try? await key() else { return }
    _ = try? await resources.cache.uncache(key)
  }

  private func makeFormat() async throws(DocumentError) -> [UInt8] {
    let result = try await run(
      [
        "-ini", "-etex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-jobname=celerity",
        "format.tex",
      ],
      environment: Self.environment,
      files: [("format.tex", Array(Self.formatSource.utf8)), ("preamble.tex", Array(TeXPreamble.source.utf8))],
      outputs: ["celerity.fmt"])
    guard result.exitCode == 0, let format = result.outputs["celerity.fmt"], !format.isEmpty else {
      throw DocumentError(
        .compileFailed, "the typesetter could not be prepared: \(TypesettingLog(result.log).reason)")
    }
    return format
  }

  /// LaTeX itself, then the preamble. No font of the system may be in a format, so the preamble is read with one of TeX's own;
  /// what LaTeX would look for later, when it finds only what is in the scratch directory, is read here.
  private static let formatSource = #"""
    \let\finishformat\dump \let\dump\relax
    \input xelatex.ini
    \ExplSyntaxOn\sys_ensure_backend:\ExplSyntaxOff
    \def\encodingdefault{OT1}\def\rmdefault{cmr}\fontencoding{OT1}\fontfamily{cmr}
    \input preamble.tex
    \makeatletter{\nfss@catcodes\input{ts1cmr.fd}\input{tulmr.fd}\input{tulmss.fd}}\makeatother
    \finishformat

    """#
}
