import type { AnyReport } from '../model/report.ts'

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

export const defaultOptions: OutputOptions = {
  width: 80,
  color: false,
  ascii: false,
  zone: null,
  showCommandLines: false,
  mermaid: false,
  template: null,
}

/** A way to write a report down: pure, no file, no clock, no terminal. */
export interface Output {
  /** `md`, `html`, `json` …: the value of `--format`. */
  readonly id: string
  readonly title: string
  /** File endings that pick it for `-o FILE`, the first being its own: `['.md', '.markdown']`. */
  readonly endings: readonly string[]
  render(report: AnyReport, options: OutputOptions): string
}

/** What an output may need beside the report, read only when it is wanted: that keeps the start of a small run short. */
export type OutputNeeds = Partial<Pick<OutputOptions, 'template' | 'zone'>>

/** An output as it stands in the list: its code is loaded on demand. */
export interface OutputEntry extends Omit<Output, 'render'> {
  /** With `template` or `zone` set in `needs`, the template compiler and the zone data are loaded too; `render` then may use them. */
  load(needs?: OutputNeeds): Promise<Output>
}
