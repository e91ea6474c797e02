// NearestNeighbors
