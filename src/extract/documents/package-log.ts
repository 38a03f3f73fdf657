import type { ChangeEvent } from '../../model/event.ts'
import type { WallStamp } from '../../model/stamp.ts'
import { readIsoStamp, readSyslogStamp } from '../../units/stamp.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt } from './page.ts'
import { momentOf } from './times.ts'

/** One package of a run: as the line names it, with the versions where they are printed. */
interface Step {
  readonly stamp: WallStamp
  readonly name: string
  readonly words: string
}

/** The steps that a line tells; `since` is the stamp of the run that it stands in, where lines have none of their own (apt). */
type Read = (line: string, since: WallStamp | null) => readonly Step[]

// 2026-11-24 06:25:11 upgrade libc6:amd64 2.36-9+deb12u7 2.36-9+deb12u8        (dpkg.log; an install has `<none>` as its old version)
const dpkgShape = / (?:upgrade|install) (?<name>[\w.+:-]{1,120}) (?<from>\S{1,120}) (?<to>\S{1,120})$/
// 2026-11-24T06:25:11+0000 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-28.el9.x86_64   (dnf.rpm.log; `Upgraded` is the old one's removal; `INFO` in older ones)
const dnfShape = / (?:SUBDEBUG|INFO) (?:Upgrade|Installed|Downgrade): (?<name>[\w.+:~^-]{1,200})$/
// Nov 24 06:25:11 Updated: openssl-1:1.0.2k-26.el7_9.x86_64                      (yum.log of RHEL 7 and before)
const yumShape = / (?:Updated|Installed): (?<name>[\w.+:~^-]{1,200})$/
// [2026-11-24T06:25:11+0000] [ALPM] upgraded linux (6.17.8-1 -> 6.17.9-1)        (pacman.log; before 5.2 without seconds and zone)
const pacmanShape =
  /^\] \[ALPM\] (?:upgraded|installed|downgraded) (?<name>[\w.+@:-]{1,120}) \((?:(?<from>\S{1,120}) -> )?(?<to>\S{1,120})\)$/
// 2026-11-24 06:25:11|install|kernel-default|6.4.0-150600.23.30.1|x86_64||repo|0123…|      (zypp/history)
const zyppShape = /^\|install\|(?<name>[\w.+:-]{1,120})\|(?<to>[\w.+~:-]{1,120})\|/

/** A line with a stamp of its own, `start` characters in. */
function stamped(shape: RegExp, start: number, readStamp: typeof readIsoStamp): Read {
  return (line) => {
    const found = readStamp(line, start, 'emitted')
    const groups = found === null ? undefined : shape.exec(line.slice(found.end))?.groups
    return found === null || groups === undefined ? [] : [stepOf(found.stamp, groups)]
  }
}

function stepOf(stamp: WallStamp, { name = '', from, to }: Readonly<Record<string, string | undefined>>): Step {
  const known = from !== undefined && from !== '<none>'
  return { stamp, name, words: to === undefined ? name : known ? `${name} ${from} → ${to}` : name }
}

// Upgrade: libxml2:amd64 (2.9.14, 2.9.15), curl:amd64 (7.88.1-10, 7.88.1-11)       (apt/history.log, below `Start-Date: 2026-11-24  06:25:08`)
const aptLine = /^(?:Upgrade|Install|Downgrade): (?<all>\S.{0,200000})$/
const aptPackage = /(?<name>[\w.+:-]{1,120}) \((?<one>[\w.+:~-]{1,120})(?:, (?<two>[\w.+:~-]{1,120}))?/g

const ofApt: Read = (line, since) => {
  const all = since === null ? undefined : aptLine.exec(line)?.groups?.['all']
  if (all === undefined || since === null) return []
  return [...all.matchAll(aptPackage)].map(({ groups = {} }) =>
    // An install has one version, and `automatic` behind it where it came with another.
    stepOf(since, {
      name: groups['name'],
      ...(groups['two'] === undefined || groups['two'] === 'automatic' ? {} : { from: groups['one'], to: groups['two'] }),
    }),
  )
}

interface Kind {
  readonly by: 'dpkg' | 'apt' | 'dnf' | 'yum' | 'pacman' | 'zypper'
  readonly head: RegExp
  readonly read: Read
}

const KINDS: readonly Kind[] = [
  {
    by: 'dpkg',
    head: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:startup (?:archives|packages) |(?:upgrade|install|configure|trigproc|remove) \S+ |status \S+ \S+)/,
    read: stamped(dpkgShape, 0, readIsoStamp),
  },
  { by: 'apt', head: /^Start-Date: \d{4}-\d\d-\d\d {1,3}\d\d:\d\d:\d\d$/, read: ofApt },
  {
    by: 'dnf',
    head: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (?:SUBDEBUG|INFO) (?:Upgrade|Upgraded|Installed|Erase|Cleanup|Downgrade|--- logging initialized)/,
    read: stamped(dnfShape, 0, readIsoStamp),
  },
  {
    by: 'yum',
    head: /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:Updated|Installed|Erased|Updating): \S+$/,
    read: stamped(yumShape, 0, readSyslogStamp),
  },
  {
    by: 'pacman',
    head: /^\[\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d[+-]\d{4})?\] \[(?:PACMAN|ALPM|ALPM-SCRIPTLET)\] /,
    read: stamped(pacmanShape, 1, readIsoStamp),
  },
  {
    by: 'zypper',
    head: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\|(?:command|install|remove)\|/,
    read: stamped(zyppShape, 0, readIsoStamp),
  },
]

const kindOf = (head: string): Kind | null => KINDS.find(({ head: shape }) => firstLines(head, 3).some((line) => shape.test(line))) ?? null

// Start-Date: 2026-11-24  06:25:08
const startShape = /^Start-Date: (?<day>\d{4}-\d\d-\d\d) {1,3}(?<time>\d\d:\d\d:\d\d)$/

function startOf(line: string): WallStamp | null {
  const found = startShape.exec(line)?.groups
  return found === undefined ? null : (readIsoStamp(`${found['day']} ${found['time']}`, 0, 'emitted')?.stamp ?? null)
}

/** Packages that follow within ten minutes are one run. */
const RUN_US = 600_000_000
/** So many packages are named; the rest are counted. */
const NAMED = 6

export const packageLog: DocumentReader = {
  id: 'package-log',
  title: "A package manager's log",
  writtenBy: 'dpkg (/var/log/dpkg.log), apt (/var/log/apt/history.log), dnf (/var/log/dnf.rpm.log), yum, pacman, zypper',
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
  let since: WallStamp | null = null
  for (const [index, line] of page.lines.entries()) {
    since = startOf(line) ?? since
    const steps = kind.read(line, since)
    const us = steps[0]?.stamp.localUs ?? 0
    const run = runs.at(-1)
    if (steps.length === 0) continue
    if (run !== undefined && us - run.lastUs < RUN_US && us >= run.lastUs) {
      run.steps.push(...steps)
      run.lastUs = us
    } else runs.push({ index, lastUs: us, steps: [...steps] })
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
