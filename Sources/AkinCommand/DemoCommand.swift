import Akin
import ArgumentParser

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "demo", abstract: "Walk through Akin.")
  func run() throws {}
}
