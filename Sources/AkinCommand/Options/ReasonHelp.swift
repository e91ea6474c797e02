import ArgumentParser

/// What `akin similar` and `akin playlist` say of `--why`.
enum ReasonHelp {
  static let text = ArgumentHelp(
    """
    Say what each song shares with the seed that it is most like, or with the song before it on a path: timbre, \
    spectrum, rhythm. Models akin and descriptor only; see `akin describe`.
    """)
}
