import ArgumentParser
import AudioDecoding
import AudioFiles
import Files
import Foundation
import SongModels

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Print the vectors of files as JSON Lines, for pipelines.",
    discussion: """
      Prints one line for each file, in the order of the files: {"path","model","duration","embedding":[…]} or \
      {"path","error"}. A CUE sheet is each song that it finds, album.cue/track0003 one of them; any other file is heard \
      as a whole, whatever sheet is beside it or inside. Without files, or with -, paths are read from standard input, \
      one a line. The vectors are the model's own. What depends on a collection, such as standardising each number over \
      it, is not in them: it is applied in a search.
      """)

  @Argument(help: ArgumentHelp("Files, or - for standard input.", valueName: "file"))
  var files: [String] = []

  @OptionGroup var model: ModelOptions
  @OptionGroup var excerpts: ExcerptOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var jobs: JobsOptions
  @OptionGroup var notes: QuietOptions

  private struct Line: Encodable {
    var path, model: String
    var duration: Double?
    var embedding: [Float]

    private enum CodingKeys: CodingKey { case path, model, duration, embedding }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(path, forKey: .path)
      try container.encode(model, forKey: .model)
      try container.encode(duration, forKey: .duration)
      try container.encode(embedding, forKey: .embedding)
    }
  }

  private struct Failure: Encodable { var path, error: String }

  func run() throws {
    let model = try model.choose(hearing: excerpts.chosen, catalogue: library.openExisting())
    let threads = readsStandardInput ? jobs.count : min(jobs.count, files.count)
    let listening = try SongListening(threads: threads) { try SongEmbedder(model) }
    var failures = 0
    // A slice at a time, so that output begins before the input ends.
    forEachSlice(of: 4 * threads) { paths in
      listening.run(
        paths, progress: { _ in },
        make: { path, embedder in
          try NamedSong.songs(at: path).map { song in
            (song.path, Result { try embedder.embed(song.source, path: song.path) })
          }
        }
      ) { index, result in
        switch result {
        case .success(let songs):
          for (path, result) in songs { failures += write(result, path: path, model: model) ? 0 : 1 }
        case .failure(let error):
          StandardOutput.write(JSON.text(Failure(path: paths[index], error: error.reasonToSkip)))
          failures += 1
        }
        fflush(nil)
      }
    }
    if failures > 0 { throw ExitCode.doneInPart }
  }

  /// Prints a song's line; whether it was heard.
  private func write(_ result: Result<EmbeddedSong, any Error>, path: String, model: EmbeddingModel) -> Bool {
    switch result {
    case .success(let song):
      notes.terminal.warn(of: song.info.notes, path)
      StandardOutput.write(
        JSON.text(
          Line(path: path, model: model.identifier, duration: song.info.duration, embedding: song.embedding)))
      return true
    case .failure(let error):
      StandardOutput.write(JSON.text(Failure(path: path, error: error.reasonToSkip)))
      return false
    }
  }

  private var readsStandardInput: Bool { files.isEmpty || files == ["-"] }

  private func forEachSlice(of size: Int, _ body: ([String]) -> Void) {
    guard readsStandardInput else {
      for start in stride(from: 0, to: files.count, by: size) {
        body(Array(files[start..<min(files.count, start + size)]))
      }
      return
    }
    var slice: [String] = []
    while let path = readLine() {
      if !path.isEmpty { slice.append(path) }
      if slice.count == size {
        body(slice)
        slice = []
      }
    }
    body(slice)
  }
}
