import CKernels
import Testing

@Suite struct InstructionSetTests {
  @Test func forcingConcernsOneThreadAndEnds() {
    let usual = akin_instruction_set()
    withInstructionSet(AKIN_PORTABLE) { #expect(akin_instruction_set() == AKIN_PORTABLE) }
    #expect(akin_instruction_set() == usual)
  }

  @Test func unsupportedSetsAreRefused() {
    let usual = akin_instruction_set()
    #if arch(x86_64)
      #expect(!akin_force_instruction_set(AKIN_NEON))
    #else
      #expect(!akin_force_instruction_set(AKIN_AVX2))
    #endif
    #expect(akin_instruction_set() == usual)
  }
}
