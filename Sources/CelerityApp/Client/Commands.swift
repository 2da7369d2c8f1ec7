import ArgumentParser
import CelerityCore
import CelerityJSON
import SQLiteEngine

struct DevCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "Runs gateway, worker and scheduler in one process, on the embedded store or on Redis.",
    discussion: """
      celerity dev
      celerity dev --config celerity.yaml --concurrency 8
      celerity dev --port 0 --data /tmp/try --service finance
      celerity dev --engine redis://127.0.0.1:6379/0   # what other processes can share
      """)

  @OptionGroup var options: SettingOptions

  func run() async throws {
    let settings = try options.resolve()
    do {
      try await RoleRun(
        roles: .all, settings: settings, services: InstalledServices.current, logger: settings.makeLogger("celerity")
      ).run()
    } catch let error as EngineError {
      throw await StoreInUse(error, settings).error { owner, place in
        "it already runs (\(owner) at \(place)); use another --data"
      }
    }
  }
}

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies a store that nobody is using into a new file.",
    discussion: """
      celerity backup celerity-backup.db
      celerity backup /mnt/backups/celerity.db --data /srv/celerity
      """)

  @OptionGroup var options: SettingOptions
  @Argument(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file()) var target: String

  func run() async throws {
    let settings = try options.resolve()
    let path = try EngineChoice.existingStorePath(settings)
    let store: SQLiteStore
    do {
      store = try await SQLiteStore.open(SQLiteConfiguration(path: path))
    } catch {
      throw await StoreInUse(error, settings).error(StoreInUse.stopFirst)
    }
    do {
      try await store.backup(to: target)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
    ConsoleLine.write("wrote \(target)")
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in place of a store that nobody is using.",
    discussion: """
      celerity restore celerity-backup.db
      celerity restore celerity-backup.db --data /srv/celerity --replace   # keeps the old one beside it
      """)

  @OptionGroup var options: SettingOptions
  @Argument(help: ArgumentHelp("The backup.", valueName: "file"), completion: .file()) var source: String
  @Flag(help: "Replace a store that exists; it is kept beside with the ending .before-restore.") var replace = false

  func run() async throws {
    let settings = try options.resolve()
    let path = try EngineChoice.storePath(settings)
    do {
      try SQLiteStore.restore(from: source, to: path, replacing: replace)
    } catch {
      throw await StoreInUse(error, settings).error(StoreInUse.stopFirst)
    }
    ConsoleLine.write("restored \(path) from \(source)")
  }
}
