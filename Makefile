# Two commands: `make demo` and `make test`. Both install what is missing, build, and run.
SWIFT_FLAGS = -c release
AKIN = .build/release/akin

.PHONY: demo test build lint kernels

# The main job on the folder MUSIC, or else on a small collection that Akin composes.
demo: build
	$(AKIN) demo $(if $(MUSIC),--music "$(MUSIC)")

test: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

build: bootstrap
	swift build $(SWIFT_FLAGS) --product akin

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

# The C kernels under sanitizers, and for other processors in emulation; installs a cross compiler.
kernels:
	Scripts/check-kernels/check-kernels.sh

.PHONY: bootstrap
bootstrap:
	@Scripts/bootstrap
