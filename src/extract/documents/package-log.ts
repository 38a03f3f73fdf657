import type { ChangeEvent } from '../../model/event.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { readIsoStamp } from '../../units/stamp.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt } from './page.ts'
import { momentOf } from './times.ts'

/** One package of a run: as the line names it, with the versions where they are printed. */
interface Step {
  readonly stamp: WallStamp
  readonly name: string
  readonly words: string
}

type Read = (line: string) => Step | null

// 2026-11-24 06:25:11 upgrade libc6:amd64 2.36-9+deb12u7 2.36-9+deb12u8        (dpkg.log; an install has `<none>` as its old version)
const dpkgShape = / (?:upgrade|install) (?<name>[\w.+:-]{1,120}) (?<from>\S{1,120}) (?<to>\S{1,120})$/
// 2026-11-24T06:25:11+0000 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-28.el9.x86_64   (dnf.rpm.log; `Upgraded` is the old one's removal; `INFO` in older ones)
const dnfShape = / (?:SUBDEBUG|INFO) (?:Upgrade|Installed|Downgrade): (?<name>[\w.+:~^-]{1,200})$/

function stamped(by: string, shape: RegExp): Read {
  return (line) => {
    const found = readIsoStamp(line, 0, 'emitted')
    const groups = found === null ? undefined : shape.exec(line.slice(found.end))?.groups
    if (found === null || groups === undefined) return null
    const { name = '', from, to } = groups
    return { stamp: found.stamp, name, words: by === 'dpkg' && from !== undefined && from !== '<none>' ? `${name} ${from} → ${to}` : name }
  }
}

interface Kind {
  readonly by: 'dpkg' | 'dnf'
  readonly head: RegExp
  readonly read: Read
}

const KINDS: readonly Kind[] = [
  {
    by: 'dpkg',
    head: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:startup (?:archives|packages) |(?:upgrade|install|configure|trigproc|remove) \S+ |status \S+ \S+)/,
    read: stamped('dpkg', dpkgShape),
  },
  {
    by: 'dnf',
    head: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (?:SUBDEBUG|INFO) (?:Upgrade|Upgraded|Installed|Erase|Cleanup|Downgrade|--- logging initialized)/,
    read: stamped('dnf', dnfShape),
  },
]

const kindOf = (head: string): Kind | null => KINDS.find(({ head: shape }) => firstLines(head, 3).some((line) => shape.test(line))) ?? null

/** Packages that follow within ten minutes are one run. */
const RUN_US = 600_000_000
/** So many packages are named; the rest are counted. */
const NAMED = 6

export const packageLog: DocumentReader = {
  id: 'package-log',
  title: "A package manager's log",
  writtenBy: 'dpkg (/var/log/dpkg.log), dnf (/var/log/dnf.rpm.log)',
  seen: 'documented',
  sniff: (head) => (kindOf(head) === null ? 'none' : 'strong'),
  read(document) {
    const page = pageOf(document)
    const facts = newFacts()
    const kind = kindOf(document.text.slice(0, 4000))
    if (kind !== null) facts.events.push(...runsOf(page, kind))
    return facts
  },
}

function runsOf(page: Page, kind: Kind): readonly ChangeEvent[] {
  const runs: { index: number; lastUs: number; steps: Step[] }[] = []
  for (const [index, line] of page.lines.entries()) {
    const step = kind.read(line)
    if (step === null) continue
    const us = step.stamp.localUs ?? 0
    const run = runs.at(-1)
    if (run !== undefined && us - run.lastUs < RUN_US && us >= run.lastUs) {
      run.steps.push(step)
      run.lastUs = us
    } else runs.push({ index, lastUs: us, steps: [step] })
  }
  return runs.map(({ index, steps }) => eventOf(page, kind, index, steps))
}

function eventOf(page: Page, kind: Kind, index: number, steps: readonly Step[]): ChangeEvent {
  const more = steps.length - NAMED
  return {
    kind: 'change',
    what: 'package',
    moment: momentOf(steps[0]?.stamp ?? null),
    host: null,
    bootId: null,
    writer: 'userspace',
    quotes: [quoteAt(page, index)],
    by: kind.by,
    subject: steps[0]?.name ?? null,
    detail: `${steps
      .slice(0, NAMED)
      .map(({ words }) => words)
      .join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    target: null,
  }
}
