import type { Named } from '../report/redact-names.ts'
import type { AnalyzeArguments } from './analyze-arguments.ts'
import { UsageError } from './errors.ts'
import { openWhole } from './files.ts'

/** Which alias is whose: written only on request, readable by its owner alone. */
export interface NameMap {
  readonly take: (names: readonly Named[]) => void
  commit(): Promise<void>
}

/** `null` where `--redact-map` is not given. */
export function nameMapOf({ redact, redactKey, redactMap }: AnalyzeArguments): NameMap | null {
  if (redactMap === undefined) return null
  if (!redact && redactKey === undefined) throw new UsageError('--redact-map goes with --redact or --redact-key')
  const file = openWhole(redactMap, 0o600)
  let names: readonly Named[] = []
  return {
    take(given) {
      names = given
    },
    async commit() {
      const pairs = names.map(({ alias, name }) => [alias, name] as const).sort(([a], [b]) => (a < b ? -1 : 1))
      await file.commit([`${JSON.stringify(Object.fromEntries(pairs), null, 2)}\n`])
    },
  }
}
