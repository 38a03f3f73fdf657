/** What the caller can mend: a folder, an option, an environment. Told in one line, without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
