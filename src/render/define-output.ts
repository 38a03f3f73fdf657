import type { Report } from '../model/report.ts'

export interface OutputOptions {
  /** Terminal width for `text`; 80 in pipes. */
  readonly width: number
  readonly color: boolean
  /** Bars and marks in plain ASCII. */
  readonly ascii: boolean
  /** IANA zone to show as a second time, or `null`: UTC only. */
  readonly zone: string | null
  readonly showCommandLines: boolean
  readonly mermaid: boolean
  /** A user's own template text, or `null` for ours. */
  readonly template: string | null
}

/** A way to write a report down: pure, no file, no clock, no terminal. */
export interface Output {
  /** `md`, `html`, `json` …: the value of `--format`. */
  readonly id: string
  readonly title: string
  /** File endings that pick it for `-o FILE`, the first being its own: `['.md', '.markdown']`. */
  readonly endings: readonly string[]
  render(report: Report, options: OutputOptions): string
}
