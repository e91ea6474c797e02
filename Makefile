# `make demo`, `make test` and `make bench` install what is missing, build, and run. `make install` puts the program
# where PATH finds it, `make deb` into a package.
SWIFT_FLAGS = -c release
AKIN = .build/release/akin

LIBRARIES = AudioDecoding AudioFeatures NeuralNetwork MetricLearning NearestNeighbors Catalogue Akin

.PHONY: demo test test-long test-peers screenshots fuzz load build lint docs kernels bench

# The main job on the folder MUSIC, or else on a small collection that Akin composes.
demo: build
	$(AKIN) demo $(if $(MUSIC),--music "$(MUSIC)")

test: bootstrap
	swift build $(SWIFT_FLAGS) --build-tests
	swift test $(SWIFT_FLAGS) --skip-build

# What takes too long for every day.
test-long: test fuzz load

# Akin's server under load for MINUTES, and fifty listeners while it indexes, MUSIC or else composed songs.
MINUTES = 10
load: build .venv-peers/made
	AKIN=$(AKIN) MINUTES=$(MINUTES) $(if $(MUSIC),MUSIC="$(MUSIC)") .venv-peers/bin/pytest -q Tests/Long

# Models, libraries, manifests and folders of runs, damaged in MUTANTS ways each, and asked.
MUTANTS = 1000
fuzz: build
	Scripts/fuzz/fuzz.py $(AKIN) --count $(MUTANTS)

# Akin's server as other programs see it: a player, players' libraries, plugins, proxies and another server in
# Tests/Peers, a browser in Tests/Browser. They run in a virtual environment of their own, which is made anew if what it
# should hold has changed. What fails is tried once more, and the closing line says so: a player, a browser and ten
# thousand connections take their time on a busy machine.
PEERS = $(wildcard Tests/Peers Tests/Browser)
PEER_REQUIREMENTS = $(wildcard $(addsuffix /requirements.txt,$(PEERS)))

test-peers: build bootstrap-peers .venv-peers/made
	AKIN=$(AKIN) .venv-peers/bin/pytest -q --reruns 1 $(PEERS)

.PHONY: bootstrap-peers
bootstrap-peers:
	@Scripts/bootstrap peers

.venv-peers/made: $(PEER_REQUIREMENTS) | bootstrap-peers
	rm -rf .venv-peers
	python3 -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --retries 1 $(addprefix -r ,$(PEER_REQUIREMENTS))
	touch $@

# The pictures of the page in docs/images, by the browser that tests it.
screenshots: build .venv-peers/made
	AKIN=$(AKIN) .venv-peers/bin/python Scripts/screenshots/screenshots.py

build: bootstrap
	swift build $(SWIFT_FLAGS) --product akin

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Benchmarks Scripts

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

# Akin beside PyTorch, librosa, faiss and openTSNE, in a virtual environment of their own, and supysonic, on the folder
# MUSIC of tagged 30 s files, or else on composed songs. About an hour and a quarter; rewrites docs/benchmarks.md.
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

# An installed program has Swift's runtime in itself, to keep running when the toolchain is moved or replaced. (On macOS
# the system brings the runtime.) Built apart, so that neither build undoes the other.
PACKAGE = .build-package
STATIC = $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)
# The program says in which file an assertion failed: by names without this machine's folders.
PACKAGE_FLAGS = $(SWIFT_FLAGS) $(STATIC) --scratch-path $(PACKAGE) -Xcc "-ffile-prefix-map=$(CURDIR)/="
PACKAGED = Makefile Package.swift LICENSE CHANGELOG.md $(shell find Sources Scripts/package)

# Where it goes: `make install PREFIX="$HOME/.local"` needs no root. DESTDIR is for those who make packages.
PREFIX = /usr/local
DESTDIR =
BASH_COMPLETIONS = $(PREFIX)/share/bash-completion/completions
ZSH_COMPLETIONS = $(PREFIX)/share/zsh/site-functions
FISH_COMPLETIONS = $(PREFIX)/share/fish/vendor_completions.d
MANUAL = $(PREFIX)/share/man/man1
DOCUMENTS = $(PREFIX)/share/doc/akin

.PHONY: stage install uninstall deb

# All that is installed, so that after `make stage` an install only copies: `sudo make install` builds nothing as root.
stage: $(PACKAGE)/stage

$(PACKAGE)/stage: $(PACKAGED)
	@Scripts/bootstrap
	swift build $(PACKAGE_FLAGS) --product akin
	Scripts/package/stage $(PACKAGE)/release/akin $(PACKAGE)/checkouts $@
	touch $@

install: $(PACKAGE)/stage
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(MANUAL) $(BASH_COMPLETIONS) $(ZSH_COMPLETIONS) \
	  $(FISH_COMPLETIONS) $(DOCUMENTS))
	install -m 755 $</bin/akin $(DESTDIR)$(PREFIX)/bin/akin
	rm -f $(DESTDIR)$(MANUAL)/akin-*.1
	install -m 644 $</share/man/man1/*.1 $(DESTDIR)$(MANUAL)
	install -m 644 $</share/bash-completion/completions/akin $(DESTDIR)$(BASH_COMPLETIONS)/akin
	install -m 644 $</share/zsh/site-functions/_akin $(DESTDIR)$(ZSH_COMPLETIONS)/_akin
	install -m 644 $</share/fish/vendor_completions.d/akin.fish $(DESTDIR)$(FISH_COMPLETIONS)/akin.fish
	install -m 644 $</share/doc/akin/* $(DESTDIR)$(DOCUMENTS)

uninstall:
	rm -f $(addprefix $(DESTDIR),$(PREFIX)/bin/akin $(MANUAL)/akin.1 $(MANUAL)/akin-*.1 $(BASH_COMPLETIONS)/akin \
	  $(ZSH_COMPLETIONS)/_akin $(FISH_COMPLETIONS)/akin.fish)
	rm -rf $(DESTDIR)$(DOCUMENTS)

# A package for the Debian or Ubuntu that this runs on, in $(PACKAGE). Scripts/check-deb tries it in a fresh system,
# which needs root and the network of Debian's mirrors.
deb: $(PACKAGE)/stage
	@Scripts/bootstrap deb
	rm -rf $(PACKAGE)/root
	$(MAKE) install PREFIX=/usr DESTDIR=$(PACKAGE)/root ZSH_COMPLETIONS=/usr/share/zsh/vendor-completions
	Scripts/package/deb $(PACKAGE)/release/akin $(PACKAGE)/root $(PACKAGE)
