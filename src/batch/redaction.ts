import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { NameHash } from '../report/redact-names.ts'
import { Refusal } from './refusal.ts'

/** Where a key for all shards comes from; a Kubernetes Secret in the examples. */
export const redactionKeyVariable = 'OOM_REPORT_REDACT_KEY'

/**
 * The key of the aliases. Aliases must be the same in all bundles, so they follow from the name; names are guessable, so they follow from a secret as
 * well. Shards need the same one, given in the environment; a run on its own makes one and keeps it in its state folder. Throws a Refusal.
 */
export function redactionKey(stateDir: string, sharded: boolean, env: Readonly<Record<string, string | undefined>>): string {
  const given = env[redactionKeyVariable]
  if (given !== undefined && given.length < 16) throw new Refusal(`${redactionKeyVariable} takes a secret of at least 16 characters`)
  if (given !== undefined) return given
  if (sharded)
    throw new Refusal(
      `--redact with shards needs the same secret for all of them: give --redact-key FILE, or set ${redactionKeyVariable} to at least 16 random characters`,
    )
  const file = path.join(stateDir, 'redact-key')
  if (existsSync(file)) {
    const kept = readFileSync(file, 'utf8').trim()
    if (kept.length >= 16) return kept
  }
  const made = randomBytes(24).toString('base64url')
  writeFileSync(file, `${made}\n`, { mode: 0o600 })
  return made
}

/** 40 bits: two of ten thousand names collide once in twenty thousand fleets. */
export const nameHash =
  (key: string): NameHash =>
  (name) =>
    createHmac('sha256', key).update(name).digest('hex').slice(0, 10)

const endings = /(?:\.tar)?\.(?:log|txt|json|ndjson|ya?ml|gz|xz|zst|bz2|zip|tar|tgz|txz|journal|export|crash)$/i

/** A bundle's name often is its host's: only the kind of file stays. */
export const bundleAlias = (name: string, hash: NameHash): string => `bundle-${hash(name)}${endings.exec(name)?.[0] ?? ''}`

/** A reason without paths and names: they may hold hosts and customers. */
export const redactedReason = (reason: string, bundle: string): string =>
  reason
    .replaceAll(bundle, 'it')
    .replace(/'[^']*'|"[^"]*"/g, '…')
    .split(/([^\w.@%+~!/-]+)/)
    .map((word) => (/[\w.@%+~-]\/|\/[\w.@%+~!-]/.test(word) ? '…' : word))
    .join('')
    .slice(0, 200)
