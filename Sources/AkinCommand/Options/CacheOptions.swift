import ArgumentParser
import Foundation
import Training

/// The folder that keeps log-mels.
struct CacheOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where log-mels are kept between epochs and trainings.", valueName: "folder"))
  var cache: String?

  var logMels: LogMelCache { cache.map { LogMelCache(folder: URL(filePath: $0)) } ?? .standard }
}
