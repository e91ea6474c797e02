// swift-tools-version: 6.1
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
    swiftSettings: swiftSettings)
}

// On Linux FFmpeg's libraries are opened at the first call: Sources/CFFmpeg/loading.c says why, and for which processors.
#if os(Linux) && (arch(x86_64) || arch(arm64))
  let ffmpeg = Target.target(name: "CFFmpeg", publicHeadersPath: ".")
#else
  let ffmpeg = Target.systemLibrary(
    name: "CFFmpeg", path: "Sources/CFFmpeg/linked", pkgConfig: "libavformat",
    providers: [.apt(["libavformat-dev", "libswresample-dev"]), .brew(["ffmpeg"])])
#endif

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
    .executable(name: "akin", targets: ["AkinCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    ffmpeg,
    .target(name: "CKernels"),
    .target(name: "CDefaultModel"),
    library("AudioDecoding", ["CFFmpeg", "CKernels"]),
    library("AudioFeatures", ["CFFmpeg", "CKernels"]),
    library("NeuralNetwork", ["CKernels"]),
    library("MetricLearning", ["NeuralNetwork"]),
    library("NearestNeighbors", ["CKernels"]),
    library("Catalogue", [.product(name: "GRDB", package: "GRDB.swift")]),
    library(
      "Akin",
      [
        "CDefaultModel", "CFFmpeg", "AudioDecoding", "AudioFeatures", "NeuralNetwork", "MetricLearning",
        "NearestNeighbors", "Catalogue",
      ]),
    .executableTarget(
      name: "AkinCommand",
      dependencies: ["Akin", .product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: swiftSettings),
    .target(name: "CMachineLimits", path: "Benchmarks/CMachineLimits"),
    .executableTarget(
      name: "akin-bench",
      dependencies: [
        "CFFmpeg", "CKernels", "CMachineLimits", "AudioDecoding", "AudioFeatures", "NeuralNetwork", "MetricLearning",
        "NearestNeighbors", "Akin", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/AkinBench", swiftSettings: swiftSettings),
    tests(of: "CKernels"),
    tests(of: "AudioDecoding"),
    tests(of: "AudioFeatures", ["AudioDecoding"]),
    tests(of: "NeuralNetwork"),
    tests(of: "MetricLearning", ["NeuralNetwork"]),
    tests(of: "NearestNeighbors"),
    tests(of: "Catalogue", [.product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      of: "Akin",
      [
        "TestSupport", "AudioDecoding", "AudioFeatures", "Catalogue", "MetricLearning", "NearestNeighbors",
        "NeuralNetwork",
      ]),
    tests(of: "AkinCommand", ["TestSupport", "AudioDecoding"]),
    .target(
      name: "TestSupport", dependencies: ["AudioDecoding"], path: "Tests/TestSupport", swiftSettings: swiftSettings),
  ]
)
