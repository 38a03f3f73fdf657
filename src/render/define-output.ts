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

/** What an output may need beside the report, read only when it is wanted: that keeps the start of a small run short. */
export type OutputNeeds = Partial<Pick<OutputOptions, 'template' | 'zone'>>

/** Writes a report down: pure, no file, no clock, no terminal. */
export type Render = (report: AnyReport, options: OutputOptions) => string

/** The same as its `Render`, bit by bit, for what has no bound. */
export type Pieces = (report: AnyReport) => Iterable<string>

/** A way to write a report down, as it stands in the list: `--format`, `--help`, `oom-report formats` and README read it from there. */
export interface Output {
  /** `md`, `html`, `json` …: the value of `--format`. */
  readonly id: string
  readonly title: string
  /** What one should know to choose it. */
  readonly about: string
  /** File endings that pick it for `-o FILE`, the first being its own: `['.md', '.markdown']`. */
  readonly endings: readonly string[]
  /** Its code is loaded on demand. With `template` or `zone` set in `needs`, the template compiler and the zone data are loaded too; only then they may be used. */
  load(needs: OutputNeeds): Promise<Render>
  /** Absent: what it writes is short. */
  readonly pieces?: () => Promise<Pieces>
}
