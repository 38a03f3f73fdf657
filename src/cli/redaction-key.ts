import { existsSync, readFileSync } from 'node:fs'
import { redactionKeyVariable } from '../batch/redaction.ts'
import { reasonOf } from '../input/trouble.ts'
import { UsageError } from './errors.ts'

/**
 * The secret of the aliases: what stands in the file of `--redact-key`. The environment's variable may hold a file's path or the secret itself, as shards get it
 * from a Kubernetes Secret; it is never quoted in an error.
 */
export function keyIn(given: string): string {
  if (given === process.env[redactionKeyVariable] && !existsSync(given)) return checked(given.trim(), redactionKeyVariable)
  let key: string
  try {
    key = readFileSync(given, 'utf8').trim()
  } catch (error) {
    throw new UsageError(
      given === '' ? '--redact-key has no value: the file that holds the secret' : `cannot read the key ${given}: ${reasonOf(error)}`,
    )
  }
  return checked(key, given)
}

function checked(key: string, where: string): string {
  if (key.length < 16) throw new UsageError(`${where}: takes a secret of at least 16 characters`)
  return key
}
