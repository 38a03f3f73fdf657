/** Fills templates with a printed view. */
/** A template of the user's own cannot be filled: why, in the words of its compiler. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

export interface TemplateEngine {
  /** `name` without its ending: `incident.md`. Escaping: HTML templates by the engine's default, the others by the printed view. */
  fill(name: string, view: unknown): string
  /** A user's own template; only where the engine was loaded with `template`. `like` is ours that it stands for. */
  fillOwn(text: string, like: string, view: unknown): string
}

/** No helper but the built-in block helpers: templates decide nothing. `noEscape`: the printed view is escaped for its output already. */
export function compileOptions(name: string): CompileOptions {
  return {
    noEscape: !isHtml(name),
    knownHelpers: { if: true, unless: true, each: true, with: true },
    knownHelpersOnly: true,
    preventIndent: true,
  }
}

const isHtml = (name: string): boolean => name.endsWith('.html')
