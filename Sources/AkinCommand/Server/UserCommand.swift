import AkinServer
import ArgumentParser
import Catalogue
import Foundation

struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Who may log in to `akin serve`, and their API keys.",
    discussion: """
      As long as there is no user, `akin serve` is for this machine only and asks for no login. With one, everybody has \
      to log in. Players need the password itself at the server: it is encrypted with a key in the file LIBRARY.key.
      """,
    subcommands: [
      Add.self, Password.self, List.self, Remove.self, Key.self, Keys.self, Revoke.self,
    ], defaultSubcommand: List.self)

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Adds a user; the password is read from standard input.")

    @Argument(help: ArgumentHelp("The name to log in with.", valueName: "name"))
    var name: String
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func run() throws {
      try Accounts(library.open()).add(name, password: SecretInput.read("password"))
      notes.terminal.note("added \(name)")
    }
  }

  struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "password", abstract: "Gives a user another password, read from standard input.")

    @Argument(help: ArgumentHelp("The user.", valueName: "name"))
    var name: String
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func run() throws {
      try Accounts(library.open()).setPassword(of: name, to: SecretInput.read("password"))
      notes.terminal.note("\(name) has another password")
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Prints the names of all users.")

    @OptionGroup var library: LibraryOptions

    func run() throws {
      guard let catalogue = try library.openExisting() else { return }
      for name in try Accounts(catalogue).names() { StandardOutput.write(name) }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Removes a user, with its keys, playlists, stars and bookmarks.")

    @Argument(help: ArgumentHelp("The user.", valueName: "name"))
    var name: String
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func run() throws {
      try Accounts(library.open()).remove(name)
      notes.terminal.note("removed \(name)")
    }
  }

  struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "key", abstract: "Makes an API key and prints it, once: only a digest of it is kept.")

    @Argument(help: ArgumentHelp("Whose key it is.", valueName: "name"))
    var name: String
    @OptionGroup var library: LibraryOptions

    func run() throws { StandardOutput.write(try Accounts(library.open()).makeAPIKey(of: name)) }
  }

  struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "keys", abstract: "Prints the numbers of the API keys, whose they are, and when they were made.")

    @Argument(help: ArgumentHelp("Only those of this user.", valueName: "name"))
    var name: String?
    @OptionGroup var library: LibraryOptions

    func run() throws {
      guard let catalogue = try library.openExisting() else { return }
      var table = Table(header: ["key", "user", "made"], alignments: [.right, .left, .left])
      let keys = try Accounts(catalogue).apiKeys(of: name)
      for key in keys {
        table.add(["\(key.id)", key.user, Date(timeIntervalSince1970: key.created).formatted(.iso8601)])
      }
      if !keys.isEmpty { StandardOutput.write(table.text) }
    }
  }

  struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "Takes an API key back.")

    @Argument(help: ArgumentHelp("Its number, as `akin user keys` prints it.", valueName: "key"))
    var key: Int64
    @OptionGroup var library: LibraryOptions
    @OptionGroup var notes: QuietOptions

    func run() throws {
      try Accounts(library.open()).revokeAPIKey(key)
      notes.terminal.note("key \(key) is of no use any more")
    }
  }
}
