import ArgumentParser
import AudioFeatures
import SongModels

extension NetworkPreset: ExpressibleByArgument {}
extension NetworkDescription.Pooling: ExpressibleByArgument {}
extension MelScale: ExpressibleByArgument {}
extension MelFilterBank.Norm: ExpressibleByArgument {}
extension MelFilterBank.Slopes: ExpressibleByArgument {}
extension MelFrontEnd.Framing: ExpressibleByArgument {}
extension MelFrontEnd.Spectrum: ExpressibleByArgument {}
extension MelFrontEnd.Compression: ExpressibleByArgument {}

/// What a network hears: a preset, and what differs from it.
struct NetworkOptions: ParsableArguments {
  enum Input: String, CaseIterable, ExpressibleByArgument { case mel, samples }

  @Option(help: "Begin with what a published network hears; everything below changes it.")
  var preset: NetworkPreset?

  @Option(help: "What the network's input holds: mel bands of frames, or mono samples.")
  var input: Input?

  @Option(help: ArgumentHelp("The input, if there are several.", valueName: "name"))
  var inputName: String?

  @Option(help: ArgumentHelp("The output that becomes the vector, if there are several.", valueName: "name"))
  var outputName: String?

  @Option(
    help: ArgumentHelp(
      "The order of the input's dimensions: b for patches, c for a channel, t for time, m for mel bands.",
      valueName: "btm"))
  var layout: String?

  @Option(help: ArgumentHelp("The length of a patch, in frames or else samples.", valueName: "count"))
  var patch: Int?

  @Option(
    help: ArgumentHelp("From one patch to the next, in the same unit (default: its length).", valueName: "count"))
  var patchHop: Int?

  @Option(help: "How the answers to a song's patches become one vector; both is the mean, then the maximum.")
  var pooling: NetworkDescription.Pooling?

  @Option(help: ArgumentHelp("How much of a song's middle, or of each excerpt, is heard.", valueName: "seconds"))
  var seconds: Double?

  @Flag(
    inversion: .prefixedNo, help: "Standardise vectors over the collection that is searched (default: standardise).")
  var standardise: Bool?

  @Option(help: ArgumentHelp("The rate of the samples.", valueName: "hertz"))
  var rate: Int?

  @Option(help: ArgumentHelp("The number of mel bands.", valueName: "count"))
  var bands: Int?

  @Option(help: ArgumentHelp("The length of the transform.", valueName: "samples"))
  var fft: Int?

  @Option(help: ArgumentHelp("The length of the window, Hann, in the transform's middle.", valueName: "samples"))
  var window: Int?

  @Option(help: ArgumentHelp("From one frame to the next.", valueName: "samples"))
  var hop: Int?

  @Option(help: "Where frames lie: around each hop, with zeros or the reflected sound beyond the ends, or inside.")
  var framing: MelFrontEnd.Framing?

  @Option(help: "What is summed into bands.")
  var spectrum: MelFrontEnd.Spectrum?

  @Option(help: ArgumentHelp("The lower edge of the lowest band.", valueName: "hertz"))
  var lowest: Double?

  @Option(help: ArgumentHelp("The upper edge of the highest band.", valueName: "hertz"))
  var highest: Double?

  @Option(help: "The scale on which bands are equally wide.")
  var melScale: MelScale?

  @Option(help: "How high the bands' triangles are: of unit area, or all equally.")
  var melNorm: MelFilterBank.Norm?

  @Option(help: "Over what the triangles' sides are straight.")
  var melSlopes: MelFilterBank.Slopes?

  @Option(help: ArgumentHelp("What bands are multiplied by before the logarithm.", valueName: "number"))
  var gain: Double?

  @Option(help: ArgumentHelp("What is added to them then.", valueName: "number"))
  var offset: Double?

  @Option(help: ArgumentHelp("What they are at least.", valueName: "number"))
  var floor: Double?

  @Option(help: "The logarithm: 10 log₁₀ (decibels), log₁₀, the natural one, or none.")
  var log: MelFrontEnd.Compression?

  @Flag(inversion: .prefixedNo, help: "Round bands to half precision before that, as musicnn does.")
  var half: Bool?

  @Option(help: ArgumentHelp("What is subtracted from values in the end.", valueName: "number"))
  var mean: Double?

  @Option(help: ArgumentHelp("What they are divided by then.", valueName: "number"))
  var deviation: Double?

  func validate() throws {
    guard preset != nil || input != nil else {
      let names = NetworkPreset.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("Say what the network hears: --preset (\(names)), or --input mel or samples.")
    }
    if case .samples = try description().hearing {
      let given: [(String, Any?)] = [
        ("bands", bands), ("fft", fft), ("window", window), ("hop", hop), ("framing", framing),
        ("spectrum", spectrum), ("lowest", lowest), ("highest", highest), ("mel-scale", melScale),
        ("mel-norm", melNorm), ("mel-slopes", melSlopes), ("gain", gain), ("offset", offset), ("floor", floor),
        ("log", log), ("half", half), ("mean", mean), ("deviation", deviation),
      ]
      if let wrong = given.first(where: { $0.1 != nil }) {
        throw ValidationError("--\(wrong.0) says something of mel bands, and the input holds samples.")
      }
    }
    if let fault = try description().fault { throw ValidationError("The network cannot hear that: \(fault).") }
  }

  /// What the network hears.
  func description() throws -> NetworkDescription {
    var description: NetworkDescription
    switch (preset, input) {
    case (let preset?, nil), (let preset?, .mel): description = preset.description
    case (_, .samples):
      guard let patch else { throw ValidationError("--input samples needs --patch, the length of a patch in samples.") }
      description = NetworkDescription(
        hearing: .samples(rate: rate ?? 16_000), patchLength: patch, patchHop: patch, layout: "bt")
    case (nil, _):
      guard let patch else { throw ValidationError("--input mel needs --patch, the length of a patch in frames.") }
      description = NetworkDescription(
        hearing: .mels(MelFrontEnd()), patchLength: patch, patchHop: patch, layout: "btm")
    }
    if case .mels(var frontEnd) = description.hearing {
      change(&frontEnd)
      description.hearing = .mels(frontEnd)
    }
    description.input = inputName ?? description.input
    description.output = outputName ?? description.output
    description.layout = layout ?? description.layout
    if let patch { (description.patchLength, description.patchHop) = (patch, patch) }
    description.patchHop = patchHop ?? description.patchHop
    description.pooling = pooling ?? description.pooling
    description.seconds = seconds ?? description.seconds
    description.isStandardised = standardise ?? description.isStandardised
    return description
  }

  private func change(_ frontEnd: inout MelFrontEnd) {
    if let rate {
      // The whole spectrum, unless it was narrower.
      if frontEnd.maximumFrequency == Double(frontEnd.sampleRate) / 2 { frontEnd.maximumFrequency = Double(rate) / 2 }
      frontEnd.sampleRate = rate
    }
    if let fft {
      if frontEnd.windowLength == frontEnd.fftSize { frontEnd.windowLength = fft }
      frontEnd.fftSize = fft
    }
    frontEnd.windowLength = window ?? frontEnd.windowLength
    frontEnd.hopLength = hop ?? frontEnd.hopLength
    frontEnd.framing = framing ?? frontEnd.framing
    frontEnd.spectrum = spectrum ?? frontEnd.spectrum
    frontEnd.melBandCount = bands ?? frontEnd.melBandCount
    frontEnd.minimumFrequency = lowest ?? frontEnd.minimumFrequency
    frontEnd.maximumFrequency = highest ?? frontEnd.maximumFrequency
    frontEnd.scale = melScale ?? frontEnd.scale
    frontEnd.norm = melNorm ?? frontEnd.norm
    frontEnd.slopes = melSlopes ?? frontEnd.slopes
    frontEnd.gain = gain ?? frontEnd.gain
    frontEnd.offset = offset ?? frontEnd.offset
    frontEnd.floor = floor ?? frontEnd.floor
    frontEnd.compression = log ?? frontEnd.compression
    frontEnd.roundsToHalf = half ?? frontEnd.roundsToHalf
    frontEnd.mean = mean ?? frontEnd.mean
    frontEnd.deviation = deviation ?? frontEnd.deviation
  }
}
