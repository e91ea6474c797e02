import ArgumentParser
import Foundation
import Tags

/// What one who mistyped a command or an option may have meant, where ArgumentParser does not say.
enum CommandLineHints {
  /// What the words of a command line name.
  private struct Named {
    var command: any ParsableCommand.Type = AkinCommand.self
    var words = ["akin"]
    /// The first word that should be a command, and is none.
    var unknown: String?

    init(_ arguments: some Sequence<String>) {
      for word in arguments {
        let commands = command.configuration.subcommands
        guard !commands.isEmpty, !word.hasPrefix("-") else { return }
        guard let next = commands.first(where: { $0.configuration.commandName == word }) else {
          unknown = word
          return
        }
        command = next
        words.append(word)
      }
    }

    /// The commands whose names are near the word that is none.
    var near: String? {
      guard let unknown else { return nil }
      let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
      let near = Spelling.near(unknown, among: names, count: 3)
      return near.isEmpty ? nil : near.map { "`\((words + [$0]).joined(separator: " "))`" }.joined(separator: " or ")
    }
  }

  /// Refuses `akin help` with words that name no command, which would print the help of another one.
  static func checkHelp(_ arguments: some Sequence<String>) throws {
    let arguments = Array(arguments)
    guard arguments.first == "help" else { return }
    let words = arguments.dropFirst().filter { !$0.hasPrefix("-") }
    let named = Named(words)
    guard named.words.count - 1 < words.count else { return }
    let path = named.words.joined(separator: " ")
    throw ValidationError("There is no command “\(words[named.words.count - 1])” of `\(path)`.")
  }

  /// The message for a wrong usage, with what may have been meant.
  static func improved(_ message: String, for arguments: some Sequence<String>) -> String {
    let arguments = Array(arguments)
    let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
    let named = Named(words)
    if let near = named.near { return "\(message)\n  Did you mean \(near)?" }
    // A command's own check may complain of what is missing before ArgumentParser complains of what is unknown.
    guard let option = unknownOption(arguments, of: named), !message.contains(visible(option)),
      let usage = message.range(of: "\nUsage: ")
    else { return message }
    let near = Spelling.near(option, among: options(of: named), count: 1)
    let meant = near.first.map { ". Did you mean '\($0)'?" } ?? ""
    return "Error: Unknown option '\(visible(option))'\(meant)\(message[usage.lowerBound...])"
  }

  /// The first option that the command does not have; nil if it has all.
  private static func unknownOption(_ arguments: [String], of named: Named) -> String? {
    let known = options(of: named)
    guard !known.isEmpty else { return nil }
    return arguments.prefix { $0 != "--" }.lazy.filter { $0.hasPrefix("--") }
      .map { String($0.prefix { $0 != "=" }) }.first { !known.contains($0) && !["--help", "--version"].contains($0) }
  }

  /// The long options of a command, as ArgumentParser tells them to other programs; none if it does not.
  private static func options(of named: Named) -> [String] {
    struct Tool: Decodable {
      struct Name: Decodable { var kind, name: String }
      struct Argument: Decodable { var names: [Name]? }
      struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
      }
      var command: Command
    }
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(AkinCommand._dumpHelp().utf8)) else { return [] }
    var command = tool.command
    for word in named.words.dropFirst() {
      guard let next = command.subcommands?.first(where: { $0.commandName == word }) else { return [] }
      command = next
    }
    return (command.arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map { "--\($0.name)" }
  }
}
