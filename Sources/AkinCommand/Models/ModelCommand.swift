import ArgumentParser

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at models, and bring networks of other programs.",
    subcommands: [ModelDescribeCommand.self, ModelImportCommand.self])
}
