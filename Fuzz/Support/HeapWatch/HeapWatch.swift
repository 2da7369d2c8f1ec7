import Synchronization

/// Counts the bytes that are allocated at a time, with the hooks of the address sanitizer
/// (sanitizer/allocator_interface.h): the size of the process says little, because freed memory is kept back there.
public enum HeapWatch {
  private static let isInstalled: Bool = install({ add($0, $1) }, { remove($0) }) != 0

  /// Runs a body and traps when it had more bytes allocated at a time than are allowed.
  public static func within(_ limit: Int, _ body: () -> Void) {
    precondition(isInstalled, "there is no room for hooks")
    live.store(0, ordering: .relaxed)
    peak.store(0, ordering: .relaxed)
    body()
    let most = peak.load(ordering: .relaxed)
    precondition(most <= limit, "\(most) bytes were allocated at a time")
  }
}

private let live = Atomic<Int>(0)
private let peak = Atomic<Int>(0)

private func add(_ pointer: UnsafeRawPointer?, _ size: Int) {
  let now = live.add(size, ordering: .relaxed).newValue
  _ = peak.max(now, ordering: .relaxed)
}

private func remove(_ pointer: UnsafeRawPointer?) {
  guard let pointer, owned(pointer) != 0 else { return }
  live.subtract(size(pointer), ordering: .relaxed)
}

private typealias MallocHook = @convention(c) (UnsafeRawPointer?, Int) -> Void
private typealias FreeHook = @convention(c) (UnsafeRawPointer?) -> Void

@_silgen_name("__sanitizer_install_malloc_and_free_hooks")
private func install(_ malloc: MallocHook, _ free: FreeHook) -> CInt

@_silgen_name("__sanitizer_get_ownership")
private func owned(_ pointer: UnsafeRawPointer) -> CInt

@_silgen_name("__sanitizer_get_allocated_size")
private func size(_ pointer: UnsafeRawPointer) -> Int
