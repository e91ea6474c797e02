// Everything that finds music that sounds alike, under one import. docs/architecture.md says what is where.

@_exported import AudioDecoding
@_exported import AudioFeatures
@_exported import AudioFiles
@_exported import Catalogue
@_exported import Datasets
@_exported import Evaluation
@_exported import Experiments
@_exported import Figures
@_exported import Files
@_exported import Fingerprints
@_exported import MetricLearning
@_exported import MusicLibrary
@_exported import NearestNeighbors
@_exported import NeuralNetwork
@_exported import Reproducibility
@_exported import SearchSpaces
@_exported import SongModels
@_exported import SyntheticMusic
@_exported import Tags
@_exported import Training
