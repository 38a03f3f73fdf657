import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The larger corpus: `OOM_REPORT_CORPUS`, else beside the project. `null` where it is not there. */
export const wholeCorpus: string | null =
  [process.env['OOM_REPORT_CORPUS'], join(import.meta.dirname, '../../shared/corpus')].find(
    (place): place is string => place !== undefined && existsSync(place),
  ) ?? null
