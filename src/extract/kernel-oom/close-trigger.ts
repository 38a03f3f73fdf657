import { decodeGfp, gfpGeneration } from '../../kernel/gfp.ts'
import type { Trigger } from '../../model/oom-dump.ts'
import type { Draft } from './draft.ts'

/** The allocating task, from the header, the cpuset line and the head of the stack. */
export function closeTrigger(draft: Draft, release: string | null): Trigger | null {
  const { header, stackHead } = draft
  if (header === null && stackHead === null) return null
  const value = header?.gfpValue ?? null
  const decoded = header !== null && header.gfpFlags === null && value !== null
  return {
    comm: commOf(header?.comm ?? null, stackHead?.comm ?? null),
    pid: stackHead?.pid ?? null,
    order: header?.order ?? null,
    gfpMask: header?.gfpMask ?? null,
    gfpFlags: decoded ? decodeGfp(value, gfpGeneration(value, release)) : (header?.gfpFlags ?? []),
    gfpDecoded: decoded,
    gfpValue: value,
    oomScoreAdj: header?.oomScoreAdj ?? null,
    oomAdj: header?.oomAdj ?? null,
    nodemask: header?.nodemask ?? null,
    cpuset: draft.cpuset?.cpuset ?? draft.summary?.cpuset ?? null,
    memsAllowed: draft.cpuset?.memsAllowed ?? draft.summary?.memsAllowed ?? null,
    frames: draft.frames,
  }
}

/** Where a name holds a newline, a logger may have cut the header's head off: the stack head then has more of it. */
function commOf(header: string | null, stack: string | null): string | null {
  if (header === null) return stack
  return stack?.endsWith(`\n${header}`) ? stack : header
}
