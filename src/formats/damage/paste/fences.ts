import type { TextLine } from './text-line.ts'

/** Marks of tickets, forums and chats around code, on the text's own line: `{code:java|title=x}text`, `bc.. text` of Textile, `text[/code]`, `{noformat}`, of Slack ```` ```text```` with blanks in it. */
const open =
  /^\s*(?:`{3,8}(?=\S{1,40} )|\{(?:code|noformat|quote|panel)(?::[^{}\n]{0,200})?\}|\[(?:code|quote|pre|spoiler)(?:=[^\]\n]{0,100})?\]|(?:bc|pre)\.{1,2} )(?=\s*\S)/i
const close = /(?<=\S)\s*(?:`{3,8}|\{(?:code|noformat|quote|panel)\}|\[\/(?:code|quote|pre|spoiler)\])\s*$/i
/** Jira's and MediaWiki's typewriter letters: `{{Killed process 7 (a)}}`; a template's own braces hold no such text. */
const monospace =
  /\{\{(?=(?:\[ *\d+\.\d{6}\]|Killed process \d|Out of memory: |Memory cgroup out |oom-kill:|oom_reaper: ))([^{}\n]{0,2000})\}\}/g
/** Colours whose escape was lost or written as a caret: `[32mtext[0m`, `^[[1;31mtext`. */
const colours = /(?:\x1b|\^\[)?\[\d{1,3}(?:;\d{1,3}){0,4}m/g
const colour = /\[\d{1,3}(?:;\d{1,3}){0,4}m[^\n]{0,4000}\[0?m?/

export const hasFences = (text: string): boolean =>
  /```|\{\{|\{(?:code|noformat|quote|panel)[:}]|\[\/?(?:code|quote|pre|spoiler)\b|^(?:bc|pre)\.{1,2} /im.test(text) || colour.test(text)

export const withoutFences = (lines: readonly TextLine[]): TextLine[] =>
  lines.map((line) => ({ ...line, text: unfenced(line.text).replace(monospace, '$1').replace(colours, '') }))

export const unfenced = (text: string): string => text.replace(open, '').replace(close, '')
