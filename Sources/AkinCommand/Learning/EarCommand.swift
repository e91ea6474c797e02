import ArgumentParser
import AudioFeatures
import Catalogue
import Files
import Foundation
import MusicLibrary
import Reproducibility
import SongModels

struct EarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ear", abstract: "Learn what you hear: which songs sound alike to you.",
    discussion: """
      Asks which of three songs does not belong, and learns from the answers how songs are to be compared. What you said \
      elsewhere teaches as well: “more like this” and “less like this”, songs that were skipped, playlists kept in the \
      library, and songs that you put together with `akin ear together`.

      It is adopted only if it foretells answers that it has not seen better than the model as it comes; that it is not \
      adopted is a normal outcome. Ten answers are needed, and about fifty do most of the work. What was adopted answers \
      from then on, on top of what `akin learn` found. The answers are events of the library: akin history list and undo.
      """,
    subcommands: [Ask.self, Together.self, Learn.self, Forget.self], defaultSubcommand: Ask.self)

  struct Ask: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "ask", abstract: "Asks questions, and learns from the answers.",
      discussion: """
        Answer with the number of the song that does not belong; with p and a number hear a song (ffplay, mpv or the \
        system's player), with p all three; s skips a question, u takes the last answer back, q ends. Where there is no \
        terminal, answers are read line by line.
        """)

    @Option(name: [.customShort("n"), .long], help: "How many questions, unless you end it before.")
    var count = 20
    @Flag(help: "Ask questions of chance, and not those that teach most: to compare.")
    var random = false
    @Option(help: "The seed of chance; without it, questions are others each time.")
    var seed: UInt64?

    @OptionGroup var ear: EarOptions

    private struct Question: Encodable {
      var question: Int
      var songs: [String]
    }

    func validate() throws {
      if !(1...10_000).contains(count) { throw ValidationError("--count must lie between 1 and 10000.") }
    }

    func run() throws {
      let (terminal, learning) = (ear.output.terminal, try ear.learning())
      let catalogue = learning.catalogue
      let recommender = try ear.recommender(of: learning)
      // Each answer is kept as it is given, and the wait for one is no moment to go on to.
      Interruption.endAtOnce()
      var generator = SeededGenerator(seed: seed ?? .random(in: .min ... .max))
      let player = ExcerptPlayer()
      var answered: [Int64] = []
      var number = 1
      asking: while number <= count {
        guard let songs = try recommender.oddOneOut(isChance: random, using: &generator) else {
          terminal.note("a question needs three songs that are neither blocked nor copies of each other")
          break
        }
        show(songs, number: number)
        // Whoever answers through a pipe waits for the question.
        try StandardOutput.finish()
        while true {
          guard let reply = readLine() else { break asking }
          player.stop()
          switch Reply(reply) {
          case .odd(let place):
            let odd = songs[place]
            answered.append(
              try catalogue.record(
                .oddOneOut, songs: [odd.id] + songs.filter { $0.id != odd.id }.map(\.id), source: "akin",
                time: Date().timeIntervalSince1970))
            number += 1
            continue asking
          case .skip: continue asking
          case .play(let place):
            let chosen = place.map { [songs[$0]] } ?? songs
            if let fault = player.play(chosen) { terminal.warn(fault) }
          case .undo:
            guard let last = answered.popLast() else {
              terminal.note("nothing to take back")
              continue
            }
            try catalogue.undo(event: last, time: Date().timeIntervalSince1970)
            number -= 1
            terminal.note("taken back")
          case .quit: break asking
          case nil: terminal.note("1, 2 or 3 for the song that does not belong; p, p1…p3 to hear, s, u or q")
          }
        }
      }
      player.stop()
      if !answered.isEmpty { terminal.note("\(counted(answered.count, "answer")) kept") }
      try ear.learn(learning)
    }

    private func show(_ songs: [Track], number: Int) {
      if ear.output.json {
        StandardOutput.write(JSON.text(Question(question: number, songs: songs.map(\.path))))
        return
      }
      var lines = ["Question \(number) of \(count): which of these does not belong, by its sound?"]
      lines += songs.enumerated().map { "  \($0 + 1)  \(visible($1.displayName))" }
      StandardOutput.write(lines.joined(separator: "\n"))
    }

    private enum Reply {
      case odd(Int)
      case play(Int?)
      case skip, undo, quit

      init?(_ text: String) {
        switch text.trimmingCharacters(in: .whitespaces).lowercased() {
        case "1": self = .odd(0)
        case "2": self = .odd(1)
        case "3": self = .odd(2)
        case "p": self = .play(nil)
        case "p1", "p 1": self = .play(0)
        case "p2", "p 2": self = .play(1)
        case "p3", "p 3": self = .play(2)
        case "s": self = .skip
        case "u": self = .undo
        case "q": self = .quit
        default: return nil
        }
      }
    }
  }

  struct Together: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "together", abstract: "Says that songs belong together.",
      discussion: """
        A folder or a playlist stands for its songs. What belongs together is compared with songs of chance, and counts \
        half as much as an answer.
        """)

    @Argument(help: ArgumentHelp("Songs, folders and playlists.", valueName: "songs"))
    var names: [String]
    @OptionGroup var ear: EarOptions

    func run() throws {
      let learning = try ear.learning()
      let recommender = try ear.recommender(of: learning)
      let songs = Set(try names.map { try recommender.seed(Seed.Name($0)) }.flatMap(\.songs)).sorted {
        $0.rawValue < $1.rawValue
      }
      guard songs.count > 1 else { throw ValidationError("Name two songs or more, or a folder or a playlist of them.") }
      let id = try learning.catalogue.record(
        .together, songs: songs, source: "akin", time: Date().timeIntervalSince1970)
      ear.output.terminal.note(
        "\(counted(songs.count, "song")) put together as event \(id); akin history undo \(id) takes it back")
      try ear.learn(learning)
    }
  }

  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "learn", abstract: "Learns from all that is known by now.")

    @OptionGroup var ear: EarOptions

    func run() throws {
      Interruption.endAtOnce()
      try ear.learn(ear.learning())
    }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "forget", abstract: "Undoes what was learned; the answers stay.")

    @OptionGroup var ear: EarOptions

    func run() throws {
      let forgotten = try ear.learning().forget()
      if ear.output.json {
        StandardOutput.write(JSON.text(["forgotten": forgotten]))
      } else if !ear.output.quiet {
        StandardOutput.write(forgotten ? "forgotten; the answers stay" : "nothing was learned from answers")
      }
    }
  }
}

/// The library whose listener answers.
struct EarOptions: ParsableArguments {
  @OptionGroup var model: ModelOptions
  @OptionGroup var library: LibraryOptions
  @OptionGroup var output: OutputOptions

  /// Learning for the model that answers.
  func learning() throws -> EarLearning {
    let catalogue = try library.openRequiredToWrite()
    let model = try model.chooseAnswering(catalogue: catalogue, terminal: output.terminal)
    return EarLearning(catalogue: catalogue, model: model)
  }

  /// What asks, and finds songs by their names.
  func recommender(of learning: EarLearning) throws -> Recommender {
    let terminal = output.terminal
    return try Recommender(catalogue: learning.catalogue, model: learning.model) { terminal.warn($0) }
  }

  /// Learns, and says what came of it.
  func learn(_ learning: EarLearning) throws {
    let terminal = output.terminal
    let lesson: EarLesson
    do {
      defer { terminal.endProgress() }
      lesson = try learning.learn { terminal.progress($0) }
    }
    if output.json {
      StandardOutput.write(JSON.text(lesson))
    } else if !output.quiet {
      StandardOutput.write(Self.text(lesson))
    }
  }

  private static func text(_ lesson: EarLesson) -> String {
    let sources = EarLesson.Source.allCases.compactMap { source in
      lesson.answers[source].map { "\($0) from \(source.rawValue)" }
    }
    var lines = [lesson.sentence]
    if !sources.isEmpty {
      lines.append(
        "from \(counted(lesson.answerCount, "answer")) (\(sources.joined(separator: ", "))) in "
          + "\(Rate.duration(lesson.seconds))")
    }
    if lesson.adopted, !lesson.aspects.isEmpty {
      let aspects = lesson.aspects.sorted { $0.value > $1.value }
      lines.append(
        "beside the model as it comes count "
          + aspects.map { "\($0.key.rawValue) ×\(decimal($0.value, 2))" }.joined(separator: ", "))
    }
    return lines.joined(separator: "\n")
  }
}
