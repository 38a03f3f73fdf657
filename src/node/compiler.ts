import { isWithout } from './switches.ts'

/**
 * How many bytes of a function's code run before V8 asks whether to optimize it: Node.js 20's own figure; for the second in which a large file is searched;
 * and for a process that works for longer.
 */
const budget = { usual: 67_584, late: 800_000, longLived: 250_000 }

/** Loaded where it is used: a small log needs none of it, and each of Node.js's own modules takes its while. */
const setFlag = (flag: string): void => process.getBuiltinModule('node:v8').setFlagsFromString(flag)

const isKnown = process.versions.v8.startsWith('11.') && !isWithout('flags')

/** Options of `node` for a process that has one core: the same from its start. */
export const lateCompiling = (): string[] => (isKnown ? [`--interrupt-budget=${budget.longLived}`] : [])

/**
 * Has V8's optimizing compiler wait until functions have run for long. Its threads take cores from those that search a large file, most of whose lines nobody
 * wants: what they compile in that second does not pay any more. Returns what ends it; once is enough.
 *
 * Node.js 20 (V8 11) only. Later ones have another compiler between, and know no such flag; with theirs for it the same analysis is no faster (measured with 24).
 */
export function compileLate(): () => void {
  if (!isKnown) return () => {}
  const set = (bytes: number): void => setFlag(`--interrupt-budget=${bytes}`)
  set(budget.late)
  let isOver = false
  return () => {
    if (!isOver) set(budget.usual)
    isOver = true
  }
}

/**
 * Has V8 collect garbage when its heap has grown by a twentieth, where it waits until it has doubled, and leave the space for new objects as small as it is: what a hundred
 * thousand deaths take is nearly all in use, and what a large document is read in leaves garbage alone. The flags are known since V8 9.
 */
export function growSlowly(): void {
  isSlow = true
  setFlag('--heap-growing-percent=5')
  setFlag('--semi-space-growth-factor=1')
}

/** As V8 does by itself: a page of thousands of incidents is made of garbage, which a slowly growing heap collects all the time. */
export function growAsUsual(): void {
  if (!isSlow) return
  isSlow = false
  setFlag('--heap-growing-percent=0')
  setFlag('--semi-space-growth-factor=2')
}

let isSlow = false
