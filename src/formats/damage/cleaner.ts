/**
 * Undoes one kind of damage that pasting, mailing or searching does to lines. Nothing is undone that the head does not show on most of its lines: a process's
 * name may hold any of it.
 */
export interface Cleaner {
  readonly id: string
  /**
   * `shape`: it hides the wrapping, so it is believed when the wrapping shows after it is undone. `text`: it spoils the text only, and must show by itself.
   */
  readonly kind: 'shape' | 'text'
  /** Whether the head shows this damage. */
  seen(head: readonly string[]): boolean
  /** The line without it; `null` for a line that is nothing but damage (`--`, a code fence). */
  clean(text: string): string | null
}

export const filled = (head: readonly string[]): readonly string[] => head.filter((text) => text.trim() !== '')

/** Whether at least `share` of the lines that hold something pass. */
export function most(head: readonly string[], share: number, passes: (text: string) => boolean): boolean {
  const lines = filled(head)
  return lines.length > 0 && lines.filter(passes).length >= lines.length * share
}
