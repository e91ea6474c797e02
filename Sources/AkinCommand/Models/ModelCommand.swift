import ArgumentParser

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at models, and exchange networks with other programs.",
    subcommands: [ModelDescribeCommand.self, ModelImportCommand.self, ModelExportCommand.self])
}
