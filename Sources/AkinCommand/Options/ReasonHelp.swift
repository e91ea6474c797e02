import ArgumentParser

/// What `akin similar` and `akin playlist` say of `--why`.
enum ReasonHelp {
  static let text = ArgumentHelp(
    """
    Say what each song shares with the seed that it is most like, or with the song before it on a path: timbre, \
    spectrum, rhythm, and the character if a network hears it. Models akin and descriptor, alone or joined; see `akin describe`.
    """)
}
