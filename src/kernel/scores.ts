import type { ScoredTask, TaskScores } from '../model/figures.ts'
import type { OomDump, TaskRow } from '../model/oom-dump.ts'
import {
  adjustmentOf,
  badnessOf,
  footprint,
  isEligible,
  pagesOf,
  printedScore,
  type ScoredEra,
  solveTotal,
  type TotalRange,
} from './badness.ts'
import { sumOf } from './sums.ts'
import { type TotalCandidate, totalCandidates } from './total-pages.ts'

/** What of the machine is known from elsewhere than the report itself. */
export interface ScoreContext {
  /** `SwapTotal` of the machine: memcg reports since 3.9 do not print it. */
  readonly swapTotalBytes: number | null
}

/** How the scores of a report are to be computed: found by the printed score where there is one, else by era and figures. */
interface Formula {
  readonly era: ScoredEra
  readonly total: number | null
  readonly totalFrom: TaskScores['totalFrom']
  readonly assumed: boolean
  readonly range: TotalRange | null
  /** Whether tasks of uid 0 get the bonus of CAP_SYS_ADMIN. */
  readonly rootBonus: boolean
  readonly matches: boolean | null
}

/**
 * Recomputes the badness of every task in a report's table by the rule of its era, and says whether the kernel's choice is the first of
 * them, and why when it is not. Pure; never throws. Worked examples on real logs: kernel-oom-formats §10.3.
 */
export function scoreTasks(dump: OomDump, context: ScoreContext = { swapTotalBytes: null }): TaskScores {
  if (dump.tasks.length < long) return scored(dump, context)
  const known = longOnes.get(dump)
  if (known !== undefined && known.swapTotalBytes === context.swapTotalBytes) return known.scores
  const scores = scored(dump, context)
  longOnes.set(dump, { swapTotalBytes: context.swapTotalBytes, scores })
  return scores
}

/** A table of so many tasks is scored once, for the answers and for the figures. */
const long = 1000
const longOnes = new WeakMap<OomDump, { readonly swapTotalBytes: number | null; readonly scores: TaskScores }>()

function scored(dump: OomDump, context: ScoreContext): TaskScores {
  const victimRow = findVictim(dump)
  const formula = chooseFormula(dump, victimRow, context)
  const tasks = rank(
    dump.tasks.map((row) => scoreRow(row, dump, formula)),
    formula?.era ?? dump.era,
    victimRow,
  )
  const victim = victimRow === null ? null : (tasks.find((task) => task.row === victimRow) ?? null)
  return {
    unit: formula === null ? null : formula.era === 1 ? 'permille' : 'pages',
    era: formula?.era ?? dump.era,
    totalPages: formula?.total ?? null,
    totalFrom: formula?.totalFrom ?? null,
    totalAssumed: formula?.assumed ?? false,
    totalRange: formula?.range ?? null,
    rootBonus: formula?.rootBonus ?? false,
    tasks,
    victim,
    matchesPrinted: formula?.matches ?? null,
    difference: differenceOf(dump, tasks, victim, formula),
    shieldedGiant: victim === null ? null : giantOf(dump, tasks, victim, formula?.total ?? null),
  }
}

/** The row of the task that the kernel chose first: by pid, by thread group (the printed pid may be a thread's), by a name that is unique. */
function findVictim(dump: OomDump): TaskRow | null {
  const kill = dump.kills[0]
  if (kill === undefined) return null
  const chosen = kill.sacrificedFor?.pid ?? kill.pid
  const byPid = dump.tasks.find((row) => row.pid === kill.pid) ?? dump.tasks.find((row) => row.pid === chosen)
  if (byPid !== undefined) return byPid
  const byGroup = dump.tasks.find((row) => row.tgid === kill.pid)
  if (byGroup !== undefined) return byGroup
  const sameName = kill.comm === null ? [] : dump.tasks.filter((row) => row.comm === kill.comm)
  return sameName.length === 1 ? (sameName[0] ?? null) : null
}

function chooseFormula(dump: OomDump, victim: TaskRow | null, context: ScoreContext): Formula | null {
  if (dump.tasks.length === 0 || dump.era === 0) return null
  const totals = totalCandidates(dump, context.swapTotalBytes)
  const kill = dump.kills[0]
  const printed = kill?.score ?? kill?.sacrificedFor?.score ?? null
  // With vm.oom_kill_allocating_task the kernel prints score 0 without computing any.
  const scoredRow = kill?.sacrificedFor ? (dump.tasks.find((row) => row.pid === kill.sacrificedFor?.pid) ?? null) : victim
  if (printed !== null && scoredRow !== null && !dump.allocatingTask) {
    const matched = matchPrinted(dump, scoredRow, printed, totals)
    if (matched !== null) return matched
  }
  const era = dump.era ?? eraByShape(dump)
  if (era === null) return null
  const total = totals[0] ?? null
  const compared = printed !== null && scoredRow !== null && sizeOf(scoredRow, dump) !== null && total !== null && !dump.allocatingTask
  return {
    era,
    total: total?.pages ?? null,
    totalFrom: total?.from ?? null,
    assumed: total?.assumed ?? false,
    range: null,
    // In containers uid 0 has no CAP_SYS_ADMIN as a rule; on the host it has.
    rootBonus: era <= 3 && dump.scope === 'global',
    matches: compared ? false : null,
  }
}

/** Table columns date the formula roughly: rss_anon came with 6.8; without a printed score anything since 5.1 is 4 or 5. */
function eraByShape(dump: OomDump): ScoredEra | null {
  if (dump.tasks.some((row) => row.rssAnonBytes !== null)) return 5
  if (dump.tasks.some((row) => row.oomScoreAdj !== null)) return dump.kills.some((kill) => kill.score !== null) ? 4 : 5
  return null
}

/** The era, bonus and total that give the printed score to the digit: with the known totals first, else with a total solved from the score. */
function matchPrinted(dump: OomDump, row: TaskRow, printed: number, totals: readonly TotalCandidate[]): Formula | null {
  const size = sizeOf(row, dump)
  if (size === null) return null
  const adj = adjustmentOf(row) ?? 0
  const likeliest = ([4, 2, 1] as const).find((era) => era === dump.era) ?? 3
  // 4 is 3 without the bonus, which is tried there.
  const eras = new Set<ScoredEra>([likeliest, 3, 2, 1])
  const bonuses = row.uid === 0 || row.uid === null ? [false, true] : [false]
  const matches = (era: ScoredEra, total: number, bonus: boolean): boolean =>
    printedScore(era, badnessOf(era, size, adj, total, bonus), total) === printed
  for (const total of totals) {
    for (const era of eras) {
      for (const bonus of bonuses) {
        if (!matches(era, total.pages, bonus)) continue
        const known = row.uid === 0 ? bonus : era <= 3 && dump.scope === 'global'
        return { era, total: total.pages, totalFrom: total.from, assumed: false, range: null, rootBonus: known, matches: true }
      }
    }
  }
  return dump.scope === 'memcg' ? solved(dump, size, adj, printed, likeliest) : null
}

/** The memcg's total may include swap that the report does not print: taken from the score itself, for up to 1 TiB of swap. */
function solved(dump: OomDump, size: number, adj: number, printed: number, era: ScoredEra): Formula | null {
  const limit = dump.memory?.limitBytes ?? null
  if (limit === null || era === 1) return null
  const least = Math.trunc(limit / dump.pageBytes)
  const most = least + Math.trunc(2 ** 40 / dump.pageBytes)
  const range = solveTotal(printed, (total) => badnessOf(era, size, adj, total, false), least, most)
  if (range === null) return null
  const middle = Math.trunc((range.min + range.max) / 2)
  return { era, total: middle, totalFrom: 'solved-from-score', assumed: false, range, rootBonus: false, matches: true }
}

function sizeOf(row: TaskRow, dump: OomDump): number | null {
  const pages = pagesOf(row, dump.pageBytes)
  return pages === null ? null : footprint(pages)
}

function scoreRow(row: TaskRow, dump: OomDump, formula: Formula | null): ScoredTask {
  const size = sizeOf(row, dump)
  const eligible = isEligible(row)
  const none = { row, badness: null, rank: null, eligible, unadjusted: null, unadjustedRank: null }
  if (size === null || formula === null) return none
  const adj = adjustmentOf(row)
  const root = formula.rootBonus && row.uid === 0
  const unit = formula.era === 1
  const total = formula.total
  // Without a total only an unadjusted task can be scored: its score is its size. Era 1 divides by the total in every case.
  const computable = total !== null || (!unit && adj === 0 && !(root && formula.era === 2))
  const badness = computable && adj !== null && eligible ? badnessOf(formula.era, size, adj, total ?? size, root) : null
  const unadjusted = unit ? (total === null ? null : Math.trunc((size * 1000) / total)) : size
  return { ...none, badness, unadjusted }
}

/** Fills in both ranks. Equal scores: kernels up to 4.19 keep the earlier task, newer ones take the later; a victim among equals is first. */
function rank(tasks: readonly ScoredTask[], era: TaskScores['era'], victim: TaskRow | null): readonly ScoredTask[] {
  const inOrder = era === 5 ? tasks.toReversed() : tasks
  const eligible = inOrder.filter((task) => task.eligible)
  const sameAdj = new Set(eligible.map((task) => adjustmentOf(task.row))).size <= 1
  const byBadness = placesBy((task) => task.badness, eligible, victim)
  const ranks = byBadness.size === eligible.length || !sameAdj ? byBadness : placesBy((task) => task.unadjusted, eligible, victim)
  const bare = placesBy((task) => task.unadjusted, inOrder, victim)
  return tasks.map((task) => ({ ...task, rank: ranks.get(task) ?? null, unadjustedRank: bare.get(task) ?? null }))
}

/** Places from 1 on, the largest first; nobody has one where a figure of somebody is not known. */
function placesBy(figure: (task: ScoredTask) => number | null, tasks: readonly ScoredTask[], victim: TaskRow | null) {
  const known = tasks.flatMap((task) => {
    const value = figure(task)
    return value === null ? [] : [{ task, value }]
  })
  if (known.length < tasks.length) return new Map<ScoredTask, number>()
  const sorted = known.toSorted((a, b) => b.value - a.value || Number(b.task.row === victim) - Number(a.task.row === victim))
  return new Map(sorted.map(({ task }, index) => [task, index + 1]))
}

/** Why the choice is not the first of our order (kernel-oom-formats §10.4); `null` when it is, or nothing can be compared. */
function differenceOf(
  dump: OomDump,
  tasks: readonly ScoredTask[],
  victim: ScoredTask | null,
  formula: Formula | null,
): TaskScores['difference'] {
  const kill = dump.kills[0]
  if (kill === undefined || tasks.length === 0) return null
  if (kill.sacrificedFor !== null && kill.sacrificedFor.pid !== kill.pid) return 'child-sacrifice'
  if (victim === null) return dump.allocatingTask ? 'allocating-task' : 'victim-not-in-table'
  const place = victim.rank
  if (place === 1 || place === null) return null
  if (dump.manual) return 'manual'
  if (dump.allocatingTask) return 'allocating-task'
  if (victim.row.pid !== kill.pid) return 'thread'
  const above = tasks.filter((task) => task.rank !== null && task.rank < place)
  if (above.some((task) => task.rank === 1 && isClose(task, victim, formula))) return 'close-figures'
  if (dump.groupMemcg !== null) return 'group-kill'
  // A task without memory to free: reaped or exiting already (MMF_OOM_SKIP), which the table lists all the same.
  if (above.every((task) => task.row.rssBytes === 0)) return 'unkillable-larger'
  return 'unexplained'
}

/**
 * The table is written after the choice, and rss counters lag by up to 64 pages a thread (§10.5): a gap of a few per cent, or of 512 pages (of era 1 in permille),
 * says nothing. By the figures that the ranks are of.
 */
function isClose(top: ScoredTask, victim: ScoredTask, formula: Formula | null): boolean {
  const figure = (task: ScoredTask): number => Number(task.badness ?? task.unadjusted)
  const lag = formula?.era === 1 && formula.total !== null ? (512 * 1000) / formula.total : 512
  return figure(top) - figure(victim) <= Math.max(lag, Math.abs(figure(top)) * 0.05)
}

/** What a task must hold of the total to be what filled it: a daemon of 1 % that nobody may kill is no giant. */
const GIANT_SHARE = 0.1

/**
 * A task at least twice the victim's size, and a real part of the whole, that a lower adjustment (or −1000) kept alive: the one that had to die without
 * adjustments. `totalPages`: of the constraint; `null` where it is not known, then the table's sum stands for it.
 */
function giantOf(dump: OomDump, tasks: readonly ScoredTask[], victim: ScoredTask, totalPages: number | null): ScoredTask | null {
  if (dump.manual || dump.allocatingTask) return null
  const first = tasks.find((task) => task.unadjustedRank === 1) ?? null
  if (first === null || first === victim || killedToo(dump, first)) return null
  const [own, its] = [adjustmentOf(first.row), adjustmentOf(victim.row)]
  const shielded = !first.eligible || (own !== null && its !== null && own < its)
  const size = sumOf([sizeOf(first.row, dump)])
  const total = totalPages ?? sumOf(tasks.map((task) => sizeOf(task.row, dump)))
  return shielded && size >= total * GIANT_SHARE && size >= 2 * sumOf([sizeOf(victim.row, dump)]) ? first : null
}

const killedToo = (dump: OomDump, task: ScoredTask): boolean =>
  dump.kills.some((kill) => kill.pid === task.row.pid || kill.pid === task.row.tgid)
