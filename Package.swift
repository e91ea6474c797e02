// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    swiftSettings: swiftSettings)
}

// On Linux FFmpeg's libraries are opened at the first call: Sources/CFFmpeg/loading.c says why, and for which
// processors.
#if os(Linux) && (arch(x86_64) || arch(arm64))
  let ffmpeg = Target.target(name: "CFFmpeg", publicHeadersPath: ".")
#else
  let ffmpeg = Target.systemLibrary(
    name: "CFFmpeg", path: "Sources/CFFmpeg/linked", pkgConfig: "libavformat",
    providers: [.apt(["libavformat-dev", "libswresample-dev"]), .brew(["ffmpeg"])])
#endif

/// What is made of music, in the way of the data: file → samples → features → model → vector → catalogue → space →
/// neighbours → recommendation. docs/architecture.md draws it.
let libraries: [Target] = [
  // What everything stands on.
  library("Reproducibility", []),
  library("Files", ["CFFmpeg"]),
  library("Tags", []),

  // From a file to numbers.
  library("AudioDecoding", ["CFFmpeg", "CKernels", "CTagLib", "Tags"]),
  library("AudioFiles", ["AudioDecoding", "Reproducibility", "Tags"]),
  library("AudioFeatures", ["CFFmpeg", "CKernels"]),
  library("Fingerprints", ["AudioFeatures", "Reproducibility"]),

  // Networks of other programs.
  library("OnnxRuntime", ["COnnxRuntime", "Files"]),

  // Mathematics that knows nothing of music.
  library("NeuralNetwork", ["CKernels", "Reproducibility"]),
  library("MetricLearning", ["NeuralNetwork", "Reproducibility"]),
  library("NearestNeighbors", ["CKernels", "Reproducibility"]),

  // From a song to a vector, and from vectors to neighbours.
  library(
    "SongModels",
    [
      "CDefaultModel", "AudioDecoding", "AudioFeatures", "Files", "MetricLearning", "NeuralNetwork", "OnnxRuntime",
      "Reproducibility",
    ]),
  library(
    "SearchSpaces",
    [
      "SongModels", "AudioFeatures", "Files", "MetricLearning", "NearestNeighbors", "NeuralNetwork", "Reproducibility",
    ]),

  // What a listener keeps.
  library("Catalogue", ["Tags", .product(name: "GRDB", package: "GRDB.swift")]),
  library("Figures", ["Files"]),
  library(
    "MusicLibrary",
    [
      "AudioDecoding", "AudioFeatures", "AudioFiles", "Catalogue", "Figures", "Files", "Fingerprints", "MetricLearning",
      "NearestNeighbors", "Reproducibility", "SearchSpaces", "SongModels", "Tags",
    ]),

  // Other servers of music, asked as a client asks them.
  library(
    "MusicServers",
    [
      "Catalogue", "MusicLibrary", .product(name: "AsyncHTTPClient", package: "async-http-client"),
      .product(name: "Crypto", package: "swift-crypto"), .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOFoundationCompat", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOSSL", package: "swift-nio-ssl"),
    ]),

  // A listener's collection, over HTTP.
  library(
    "AkinServer",
    [
      "AudioFeatures", "Catalogue", "CServerPage", "Files", "MusicLibrary", "NearestNeighbors", "Reproducibility",
      "SongModels", "Tags",
      .product(name: "Crypto", package: "swift-crypto"), .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
      .product(name: "HummingbirdTLS", package: "hummingbird"),
      .product(name: "Logging", package: "swift-log"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "Subprocess", package: "swift-subprocess"),
      .product(name: "UnixSignals", package: "swift-service-lifecycle"),
    ]),

  // What a model learns from and is judged by.
  library(
    "Datasets",
    ["AudioDecoding", "AudioFeatures", "AudioFiles", "Files", "MetricLearning", "Reproducibility", "Tags"]),
  library(
    "Evaluation",
    ["AudioFiles", "Datasets", "MetricLearning", "SearchSpaces", "SongModels"]),
  library(
    "Training",
    [
      "AudioDecoding", "AudioFeatures", "AudioFiles", "Datasets", "Evaluation", "Files", "MetricLearning",
      "NearestNeighbors", "NeuralNetwork", "Reproducibility", "SearchSpaces", "SongModels", "Tags",
    ]),
  library(
    "Experiments",
    [
      "AudioDecoding", "AudioFeatures", "AudioFiles", "Datasets", "Evaluation", "Figures", "Files", "MetricLearning",
      "NearestNeighbors", "NeuralNetwork", "Reproducibility", "SearchSpaces", "SongModels", "Training",
    ]),
  library("SyntheticMusic", ["AudioDecoding", "Reproducibility"]),

  // All of it under one import.
  library(
    "Akin",
    [
      "AudioDecoding", "AudioFeatures", "AudioFiles", "Catalogue", "Datasets", "Evaluation", "Experiments", "Figures",
      "Files", "Fingerprints", "MetricLearning", "MusicLibrary", "NearestNeighbors", "NeuralNetwork",
      "Reproducibility", "SearchSpaces", "SongModels", "SyntheticMusic", "Tags", "Training",
    ]),
]

let package = Package(
  name: "akin",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "AudioDecoding", targets: ["AudioDecoding"]),
    .library(name: "AudioFeatures", targets: ["AudioFeatures"]),
    .library(name: "NeuralNetwork", targets: ["NeuralNetwork"]),
    .library(name: "MetricLearning", targets: ["MetricLearning"]),
    .library(name: "NearestNeighbors", targets: ["NearestNeighbors"]),
    .library(name: "Catalogue", targets: ["Catalogue"]),
    .library(name: "Akin", targets: ["Akin"]),
    .library(name: "AkinServer", targets: ["AkinServer"]),
    .executable(name: "akin", targets: ["AkinCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
  ],
  targets: libraries + [
    ffmpeg,
    .target(name: "CKernels"),
    .target(name: "COnnxRuntime"),
    .target(name: "CDefaultModel"),
    .target(name: "CServerPage", exclude: ["page"]),
    .systemLibrary(
      name: "TagLib", pkgConfig: "taglib", providers: [.apt(["libtag1-dev"]), .brew(["taglib"])]),
    .target(name: "CTagLib", dependencies: ["TagLib"]),
    .executableTarget(
      name: "AkinCommand",
      dependencies: [
        "AkinServer", "AudioDecoding", "AudioFeatures", "AudioFiles", "Catalogue", "Datasets", "Evaluation",
        "Experiments", "Figures", "Files", "MetricLearning", "MusicLibrary", "MusicServers", "NearestNeighbors",
        "NeuralNetwork", "Reproducibility", "SongModels", "SyntheticMusic", "Tags", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .target(name: "CMachineLimits", path: "Benchmarks/CMachineLimits"),
    .executableTarget(
      name: "akin-bench",
      dependencies: [
        "AudioDecoding", "AudioFeatures", "CFFmpeg", "CKernels", "CMachineLimits", "Catalogue", "Files", "Fingerprints",
        "MetricLearning", "NearestNeighbors", "NeuralNetwork", "Reproducibility", "SongModels", "SyntheticMusic",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/AkinBench", swiftSettings: swiftSettings),
    tests(of: "CKernels"),
    tests(of: "Reproducibility"),
    tests(of: "Tags"),
    tests(of: "AudioDecoding"),
    tests(of: "AudioFiles", ["TestSupport"]),
    tests(of: "AudioFeatures", ["AudioDecoding"]),
    tests(of: "Fingerprints", ["AudioFeatures", "Reproducibility"]),
    tests(of: "NeuralNetwork", ["Reproducibility"]),
    tests(of: "MetricLearning", ["NeuralNetwork", "Reproducibility"]),
    tests(of: "NearestNeighbors"),
    tests(of: "Catalogue", [.product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      of: "SongModels",
      [
        "TestSupport", "AudioDecoding", "AudioFeatures", "Files", "MetricLearning", "NeuralNetwork", "OnnxRuntime",
        "Reproducibility",
      ]),
    tests(of: "Figures"),
    tests(
      of: "MusicLibrary",
      [
        "TestSupport", "AudioDecoding", "AudioFeatures", "Catalogue", "Datasets", "Evaluation", "Figures", "Files",
        "MetricLearning", "NearestNeighbors", "Reproducibility", "SearchSpaces", "SongModels", "Training",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests(
      of: "Datasets", ["TestSupport", "AudioDecoding", "MetricLearning", "Reproducibility"]),
    tests(of: "Evaluation", ["TestSupport", "Datasets", "MetricLearning", "SongModels"]),
    tests(
      of: "Training",
      [
        "TestSupport", "AudioFeatures", "Datasets", "Files", "MetricLearning", "NeuralNetwork", "Reproducibility",
        "SongModels",
      ]),
    tests(
      of: "Experiments",
      ["TestSupport", "AudioFeatures", "Datasets", "Files", "MetricLearning", "SongModels", "Training"]),
    tests(of: "SyntheticMusic", ["AudioDecoding"]),
    tests(
      of: "Akin",
      [
        "TestSupport", "AudioDecoding", "AudioFeatures", "Catalogue", "MetricLearning", "MusicLibrary",
        "NearestNeighbors", "NeuralNetwork", "Tags",
      ]),
    tests(
      of: "AkinServer",
      [
        "TestSupport", "Catalogue", "Files", "MetricLearning", "MusicLibrary", "SearchSpaces", "SongModels",
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"), .product(name: "NIOEmbedded", package: "swift-nio"),
      ]),
    tests(of: "MusicServers", ["Catalogue"]),
    tests(
      of: "AkinCommand",
      ["TestSupport", "AudioDecoding", "AudioFeatures", "Catalogue", "Reproducibility", "SongModels"]),
    .target(
      name: "TestSupport",
      dependencies: ["AudioDecoding", "AudioFeatures", "Reproducibility", "SongModels"],
      path: "Tests/TestSupport", swiftSettings: swiftSettings),
  ]
)
