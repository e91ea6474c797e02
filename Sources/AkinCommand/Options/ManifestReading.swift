import Datasets
import Foundation

/// Reads a manifest that a user names.
func readManifest(_ path: String) throws -> Manifest {
  try Manifest(contentsOf: URL(filePath: path))
}

/// Reads a manifest whose classes are needed; without any, nothing that follows makes sense.
func readLabelledManifest(_ path: String) throws -> Manifest {
  let manifest = try readManifest(path)
  guard manifest.classNames.isEmpty else { return manifest }
  throw DatasetError(
    path: path, reason: "no song has a class",
    remedy: "Fill the column `class`, or have `akin dataset folder` make a manifest of tagged music.")
}
