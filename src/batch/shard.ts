import { Refusal } from './refusal.ts'

/** A stable share of the bundles: `index` of `of`, by what every machine knows of a bundle without reading it (`likeness`), whatever it sees first. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** Reads `--shard I/N` (0 ≤ I < N), else an Indexed Job's environment; `null`: everything. Throws a Refusal with a sentence for what is neither. */
export function shardOf(option: string | undefined, env: Readonly<Record<string, string | undefined>>): Shard | null {
  if (option !== undefined) {
    const parts = /^(?<index>\d+)\/(?<of>\d+)$/.exec(option)?.groups
    return checked(parts?.['index'], parts?.['of'], `--shard takes I/N with 0 ≤ I < N, not ${option}`)
  }
  const index = env['JOB_COMPLETION_INDEX']
  const of = env['OOM_REPORT_SHARDS']
  if (of === undefined) return null
  return checked(index, of, `OOM_REPORT_SHARDS=${of} needs JOB_COMPLETION_INDEX between 0 and ${of} − 1, not ${index ?? 'nothing'}`)
}

function checked(index: string | undefined, of: string | undefined, message: string): Shard {
  const shard = { index: Number(index), of: Number(of) }
  if (index === undefined || of === undefined || !/^\d+$/.test(index) || !/^\d+$/.test(of) || shard.of < 1 || shard.index >= shard.of)
    throw new Refusal(message)
  return shard
}

/** Whether a bundle is of this share: the first 52 bits of its likeness, modulo the number of shares. */
export const inShard = (shard: Shard | null, likeness: string): boolean =>
  shard === null || Number.parseInt(likeness.slice(0, 13), 16) % shard.of === shard.index
