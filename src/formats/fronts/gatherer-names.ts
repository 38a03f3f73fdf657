import type { Moment } from '../../model/stamp.ts'

/** Tells machines' names that a gatherer puts before each line (`n5: `) from a viewer's count of lines (`L118: `, `L119: `). */
export interface GathererNames {
  /** The name before the next line, and what the line's own clock says. */
  see(name: string, moment: Moment): void
  /** Enough lines were seen. */
  readonly isSure: boolean
  /** The names count lines: no machine is called so. */
  readonly areCounts: boolean
}

/** Fewer names may count up by chance: one line of each machine, sorted. */
const enough = 4
/** Lines that follow each other are of one clock; those of two machines agree in it by chance only. */
const mostGapUs = 1_000_000

interface Seen {
  readonly stem: string
  readonly number: number
  readonly clockUs: number | null
}

export function openGathererNames(): GathererNames {
  let last: Seen | null = null
  let counted = 0
  let isSure = false
  return {
    see(name, moment) {
      if (isSure) return
      const now = seen(name, moment)
      counted = now === null || (last !== null && !follows(last, now)) ? 0 : counted + 1
      last = now
      isSure = counted === 0 || counted >= enough
    },
    get isSure() {
      return isSure
    },
    get areCounts() {
      return isSure && counted >= enough
    },
  }
}

function seen(name: string, { uptimeUs, wall }: Moment): Seen | null {
  const number = /\d{1,9}$/.exec(name)?.[0]
  if (number === undefined) return null
  return { stem: name.slice(0, -number.length), number: Number(number), clockUs: uptimeUs ?? wall?.epochUs ?? wall?.localUs ?? null }
}

function follows(before: Seen, now: Seen): boolean {
  const gapUs = before.clockUs === null || now.clockUs === null ? Number.NaN : now.clockUs - before.clockUs
  return now.stem === before.stem && now.number === before.number + 1 && gapUs >= 0 && gapUs <= mostGapUs
}
