import type { Host } from '../gather.ts'
import type { PhrasedReport } from '../model/report.ts'
import { checkReading, yearOf } from '../options.ts'
import { analyzeInputs, type PipelineOptions } from '../pipeline.ts'
import { everything } from '../report/filter.ts'
import type { Named } from '../report/redact-names.ts'
import { visible } from '../text/visible.ts'
import { unreadLines } from '../warnings.ts'
import type { ReadPart } from './blob-file.ts'
import { enginesOf, type GivenInput, openGiven } from './open.ts'

/** What the page's controls say. */
export interface WebOptions {
  readonly timezone: string | null
  /** As it was typed. */
  readonly year: string | null
  readonly redact: boolean
}

export interface WebAnalysis {
  readonly report: PhrasedReport
  /** Names and what stands for them now; empty without redaction. */
  readonly replaced: readonly Named[]
  /** Inputs of which nothing could be read, in words, as the command line prints them. */
  readonly unread: readonly string[]
  /** Nothing at all could be read. */
  readonly isNothing: boolean
}

/** What `oom-report analyze` does, of files that a page was handed. Throws an `OptionError` for what cannot be. */
export async function analyzeGiven(
  inputs: readonly GivenInput[],
  options: WebOptions,
  read: ReadPart,
  told: Pick<PipelineOptions, 'onSource' | 'onRead'> = {},
): Promise<WebAnalysis> {
  const { timezone, redact } = options
  const year = options.year === null ? null : yearOf(options.year)
  await checkReading({ timezone, year, inputFormat: null })
  const host: Host = { open: (_, how) => openGiven(inputs, how, read), spool: enginesOf(read).spool, threads: null }
  const replaced: Named[] = []
  const { report, outcome } = await analyzeInputs(
    inputs.map(({ name }) => name),
    {
      ...{
        ...told,
        host,
        stdin: null,
        timezone,
        year,
        inputFormat: null,
        showCommandLines: false,
        showSecrets: false,
        filter: everything,
      },
      redact: redact ? { hash: null, onNames: (names) => replaced.push(...names) } : null,
    },
  )
  const isNothing = outcome.inputs > 0 && outcome.unreadable >= outcome.inputs
  const unread = outcome.unreadable === 0 ? [] : unreadLines(outcome.warnings, isNothing).map(visible)
  return { report, replaced, unread, isNothing }
}
