/** Sizes in kB throughout; kernels by number (`6.1`, `3.1` stands for 3.10, `2.7` for RHEL6's 2.6.32). */
export interface Task {
  readonly pid: number
  readonly comm: string
  readonly anon: number
  readonly file?: number
  readonly shm?: number
  readonly swap?: number
  readonly tables?: number
  readonly adj?: number
  readonly uid?: number
}

export const GB = 1024 * 1024
export const pages = (kb: number): number => Math.round(kb / 4)
export const NONE = 9007199254740988
const tablesOf = ({ tables, anon }: Task): number => tables ?? Math.max(40, Math.round(anon / 500))
const sizeOf = ({ anon, file = 0, shm = 0 }: Task): number => anon + file + shm
const vmOf = (task: Task): number => Math.round(sizeOf(task) * 1.3 + 20_000)

/** An id of 64 hexadecimal digits, made of a word. */
export const idOf = (word: string): string => {
  let h = 7
  return Array.from({ length: 64 }, (_, i) => {
    h = (h * 1_103_515_245 + 12_345 + word.charCodeAt(i % word.length) * 97) >>> 0
    return ((h >>> 16) & 15).toString(16)
  }).join('')
}
export const uidOf = (word: string): string => idOf(word).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')
export const podSlice = (pod: string, qos = 'burstable'): string =>
  `/kubepods.slice/kubepods-${qos}.slice/kubepods-${qos}-pod${uidOf(pod).replaceAll('-', '_')}.slice`
export const containerScope = (pod: string, qos = 'burstable'): string => `${podSlice(pod, qos)}/cri-containerd-${idOf(pod)}.scope`

const HEADS: readonly (readonly [from: number, columns: string])[] = [
  [6.8, 'total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name'],
  [4.15, 'total_vm      rss pgtables_bytes swapents oom_score_adj name'],
  [4, 'total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name'],
  [3, 'total_vm      rss nr_ptes swapents oom_score_adj name'],
  [0, 'total_vm      rss cpu oom_adj oom_score_adj name'],
]

export function table(tasks: readonly Task[], kernel: number): string[] {
  const [from, columns] = HEADS.find(([first]) => kernel >= first) as (typeof HEADS)[number]
  const title = kernel >= 4.19 ? ['Tasks state (memory values in pages):'] : []
  const row = (task: Task): string => {
    const own = [
      [6.8, [pages(task.anon), pages(task.file ?? 0), pages(task.shm ?? 0), tablesOf(task) * 1024]] as const,
      [4.15, [tablesOf(task) * 1024]] as const,
      [4, [pages(tablesOf(task)), 3]] as const,
      [3, [pages(tablesOf(task))]] as const,
      [0, [0, Math.round(((task.adj ?? 0) * 17) / 1000)]] as const,
    ].find(([first]) => first === from)?.[1] as readonly number[]
    const swap = from > 0 ? [pages(task.swap ?? 0)] : []
    const cells = [task.uid ?? 0, task.pid, pages(vmOf(task)), pages(sizeOf(task)), ...own, ...swap, task.adj ?? 0]
    return `[${String(task.pid).padStart(7)}] ${cells.map((cell) => String(cell).padStart(8)).join(' ')} ${task.comm}`
  }
  return [...title, `[  pid  ]   uid  tgid ${columns}`, ...tasks.map(row)]
}

export function killLines(prefix: string, task: Task, kernel: number, total = task.anon * 1.2): string[] {
  const sizes = `total-vm:${vmOf(task)}kB, anon-rss:${task.anon}kB, file-rss:${task.file ?? 0}kB`
  const shm = kernel >= 4.4 ? `, shmem-rss:${task.shm ?? 0}kB` : ''
  if (kernel >= 5.4)
    return [
      `${prefix}: Killed process ${task.pid} (${task.comm}) ${sizes}${shm}, UID:${task.uid ?? 0} pgtables:${tablesOf(task)}kB oom_score_adj:${task.adj ?? 0}`,
    ]
  const score = Math.max(1, Math.round((1000 * sizeOf(task)) / total) + (task.adj ?? 0))
  return [
    `${prefix}: Kill process ${task.pid} (${task.comm}) score ${score} or sacrifice child`,
    `Killed process ${task.pid} (${task.comm}) ${sizes}${shm}`,
  ]
}

export interface Asked {
  readonly trigger: string
  readonly kernel?: number
  readonly mask?: string
  readonly order?: number
  readonly cpuset?: string
  /** Frames and the line of the CPU; `null` leaves them out. */
  readonly stack?: readonly string[] | null
}

export const header = ({ trigger, mask, order = 0, kernel = 6.1 }: Asked): string =>
  `${trigger} invoked oom-killer: gfp_mask=${mask ?? (kernel >= 5.1 ? '0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP)' : kernel >= 4.6 ? '0x14200ca(GFP_HIGHUSER_MOVABLE)' : '0x201da')}, order=${order}, oom_score_adj=0`

export const stackOf = ({ trigger, kernel = 6.1, stack }: Asked, frames: readonly string[]): readonly string[] =>
  stack === null ? [] : [`CPU: 1 PID: 77 Comm: ${trigger} Not tainted ${kernel}.0-1-generic #1`, 'Call Trace:', ...(stack ?? frames)]

/** Each line stamped, from `start` seconds on; what has a stamp or front of its own keeps it. */
export const stamped = (lines: readonly string[], start = 5000): string =>
  `${lines.map((line, i) => (/^(?:\[ *\d+\.\d{6}\]|\[\.\.\.|\(\.\.\.)/.test(line) ? line : `[${(start + i / 1e5).toFixed(6)}] ${line}`)).join('\n')}\n`
