import type { TextLine } from './text-line.ts'

/** Marks of tickets and forums around code, on the text's own line: `{code:java|title=x}text`, `text[/code]`, `{noformat}`. */
const open = /^\s*(?:\{(?:code|noformat|quote|panel)(?::[^{}\n]{0,200})?\}|\[(?:code|quote|pre|spoiler)(?:=[^\]\n]{0,100})?\])(?=\s*\S)/i
const close = /(?<=\S)\s*(?:\{(?:code|noformat|quote|panel)\}|\[\/(?:code|quote|pre|spoiler)\])\s*$/i
/** Colours whose escape was lost or written as a caret: `[32mtext[0m`, `^[[1;31mtext`. */
const colours = /(?:\x1b|\^\[)?\[\d{1,3}(?:;\d{1,3}){0,4}m/g
const colour = /\[\d{1,3}(?:;\d{1,3}){0,4}m[^\n]{0,4000}\[0?m?/

export const hasFences = (text: string): boolean =>
  /\{(?:code|noformat|quote|panel)[:}]|\[\/?(?:code|quote|pre|spoiler)\b/i.test(text) || colour.test(text)

export const withoutFences = (lines: readonly TextLine[]): TextLine[] =>
  lines.map((line) => ({ ...line, text: line.text.replace(open, '').replace(close, '').replace(colours, '') }))
