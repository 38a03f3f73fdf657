import type { Host } from '../gather.ts'
import type { PhrasedReport } from '../model/report.ts'
import { checkReading } from '../options.ts'
import { analyzeInputs } from '../pipeline.ts'
import { everything } from '../report/filter.ts'
import type { Named } from '../report/redact-names.ts'
import { sentenceOf } from '../warnings.ts'
import type { ReadPart } from './blob-file.ts'
import { enginesOf, type GivenInput, openGiven } from './open.ts'

/** What the page's controls say. */
export interface WebOptions {
  readonly timezone: string | null
  readonly year: number | null
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
  onSource: (name: string) => void = () => {},
): Promise<WebAnalysis> {
  const { timezone, year, redact } = options
  await checkReading({ timezone, year, inputFormat: null })
  const host: Host = { open: (_, how) => openGiven(inputs, how, read), spool: enginesOf(read).spool, threads: null }
  const replaced: Named[] = []
  const { report, outcome } = await analyzeInputs(
    inputs.map(({ name }) => name),
    {
      ...{
        host,
        stdin: null,
        onSource,
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
  const unread = outcome.warnings.filter(({ code }) => isNothing || code === 'input-unreadable' || code === 'nothing-in-it')
  return { report, replaced, unread: unread.map(sentenceOf), isNothing }
}
