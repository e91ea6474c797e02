# `make demo`, `make test` and `make bench` install what is missing, build, and run.
SWIFT_FLAGS = -c release
AKIN = .build/release/akin

LIBRARIES = AudioDecoding AudioFeatures NeuralNetwork MetricLearning NearestNeighbors Catalogue Akin

.PHONY: demo test build lint docs kernels bench

# The main job on the folder MUSIC, or else on a small collection that Akin composes.
demo: build
	$(AKIN) demo $(if $(MUSIC),--music "$(MUSIC)")

test: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

build: bootstrap
	swift build $(SWIFT_FLAGS) --product akin

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks

# The reference of every library, as web pages: .build/docs/LIBRARY. A warning, such as a link to no symbol, is an error.
docs: bootstrap
	@mkdir -p .build/docs
	for library in $(LIBRARIES); do \
	  swift package --allow-writing-to-directory .build/docs generate-documentation --target $$library \
	    --warnings-as-errors --output-path .build/docs/$$library || exit 1; \
	done

# The C kernels under sanitizers, and for other processors in emulation; installs a cross compiler.
kernels:
	@Scripts/bootstrap kernels
	Scripts/check-kernels/check-kernels.sh

# Akin beside PyTorch, librosa, faiss and openTSNE, in a virtual environment of their own, on the folder MUSIC of tagged 30 s files,
# or else on composed songs. About three quarters of an hour; rewrites docs/benchmarks.md.
bench: build
	@Scripts/bootstrap bench
	swift build $(SWIFT_FLAGS) --product akin-bench
	test -x .venv/bin/python || python3 -m venv .venv
	.venv/bin/pip install --quiet --retries 1 -r Benchmarks/requirements.txt
	.venv/bin/python Benchmarks/bench.py --binaries .build/release --output docs/benchmarks.md \
	  $(if $(MUSIC),--music "$(MUSIC)")

.PHONY: bootstrap
bootstrap:
	@Scripts/bootstrap
