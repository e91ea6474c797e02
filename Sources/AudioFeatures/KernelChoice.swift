import CKernels

/// Which of the hand-written loops to run: the fastest for this processor, or, to compare with, those for any.
package enum KernelChoice: CaseIterable, Sendable {
  case fastest
  case portable

  var melKernels: akin_mel_kernels {
    switch self {
    case .fastest: akin_mel_kernels_fastest().pointee
    case .portable: akin_mel_kernels_portable().pointee
    }
  }

  /// The instruction set's name.
  package var name: String { String(cString: melKernels.name) }
}
