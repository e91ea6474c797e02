import CKernels

/// Which instruction set's kernels run: the fastest of this processor, or another one for comparison.
package struct KernelChoice: Sendable, CaseIterable, CustomStringConvertible {
  private let instructions: akin_instructions

  /// The one in use by default.
  package static var fastest: KernelChoice { KernelChoice(instructions: akin_instruction_set()) }

  /// All that this processor supports.
  package static var allCases: [KernelChoice] {
    (0..<AKIN_INSTRUCTION_SET_COUNT.rawValue).map(akin_instructions.init(rawValue:))
      .filter(akin_supports_instruction_set).map { KernelChoice(instructions: $0) }
  }

  var melKernels: akin_mel_kernels { akin_mel_kernels_of(instructions).pointee }

  /// The instruction set's name.
  package var description: String { String(cString: akin_instruction_set_name(instructions)) }
}
