import { describe, expect, it } from 'vitest'
import { closeGap, doubtsOf, openGap, pauseBefore } from '../../../src/extract/kernel-oom/doubts.ts'
import type { Draft } from '../../../src/extract/kernel-oom/draft.ts'
import type { Moment } from '../../../src/model/stamp.ts'

const moment = (uptimeUs: number | null): Moment => ({ wall: null, outerWall: null, uptimeUs })
const summary = (more: object = {}) => ({ readings: [{ comm: 'java', taskMemcg: '/a/task', oomMemcg: '/a' }], complete: true, ...more })
const kill = (more: object = {}) => ({
  pid: 41,
  line: { pid: 41, comm: 'java', complete: true },
  summary: summary(),
  choice: null,
  ...more,
})

/** A report with figures and a kill; what a test is about differs. */
const draft = (more: object = {}): Draft =>
  ({
    kills: [kill()],
    gaps: [],
    rows: new Map(),
    stackHead: null,
    stats: [],
    taskIn: null,
    limitReached: null,
    counters: { memory: {} },
    memInfo: false,
    lastMoment: moment(1_000_000),
    summary: summary(),
    groupPath: null,
    pauseUs: null,
    torn: false,
    interleaved: false,
    caller: null,
    ...more,
  }) as unknown as Draft
const gap = (more: object = {}) => ({ pids: new Set(), paths: new Set(), before: moment(1_000_000), elapsedUs: null, ...more })
const row = (rest = '1000 41 978011') => ({ rest })

describe('lines are missing', () => {
  it.each<[string, object, string[]]>([
    ['nowhere', {}, []],
    ['and nothing is the same on both sides', { gaps: [gap()] }, ['gap']],
    ['in a report without figures', { gaps: [gap()], counters: {} }, []],
    ['in one with a machine’s figures', { gaps: [gap()], counters: {}, memInfo: true }, ['gap']],
    ['in one without a kill', { gaps: [gap()], kills: [] }, []],
    ['the victim is the same', { gaps: [gap({ pids: new Set([41]) })] }, []],
    [
      'the process of its last line is',
      { gaps: [gap({ pids: new Set([42]) })], kills: [kill({ line: { pid: 42, comm: 'java', complete: true }, summary: null })] },
      [],
    ],
    ['another process', { gaps: [gap({ pids: new Set([7]) })], kills: [kill({ line: null })] }, ['gap']],
    ['the group that is killed is the same', { gaps: [gap({ paths: new Set(['/g']) })], groupPath: '/g', summary: null }, []],
    ['the group whose limit it was', { gaps: [gap({ paths: new Set(['/a']) })] }, []],
    ['the group that the victim lived in', { gaps: [gap({ paths: new Set(['/a/task']) })] }, []],
    ['another group', { gaps: [gap({ paths: new Set(['/b']) })] }, ['gap']],
    ['without a summary', { gaps: [gap({ paths: new Set(['/b']) })], summary: null }, ['gap']],
    ['within the moment', { gaps: [gap({ elapsedUs: 500_000 })] }, []],
    ['before the moment, by another processor', { gaps: [gap({ elapsedUs: -500_000 })] }, []],
    ['after a pause', { gaps: [gap({ elapsedUs: 500_001 })] }, ['gap']],
    ['at its end', { gaps: [gap({ elapsedUs: undefined })] }, ['gap']],
    ['of two places one is not joined', { gaps: [gap({ elapsedUs: 1 }), gap()] }, ['gap']],
  ])('%s', (_, more, doubts) => {
    expect(doubtsOf(draft(more))).toEqual(doubts)
  })
})

describe('a victim that no row of the table names', () => {
  const other = new Map([[7, row('0 7 900')]])
  it.each<[string, object, string[]]>([
    ['after a pause', { rows: other, pauseUs: 500_001 }, ['gap']],
    ['at an unknown time', { rows: other }, ['gap']],
    ['at once', { rows: other, pauseUs: 500_000 }, []],
    ['at once, by another processor', { rows: other, pauseUs: -500_000 }, []],
    ['in no table', {}, []],
    ['in its row', { rows: new Map([[41, row()]]) }, []],
    ['in a thread’s row', { rows: new Map([[45, row('1000 41 978011')]]) }, []],
    [
      'by its last line’s process',
      { rows: new Map([[42, row('0 42 1')]]), kills: [kill({ line: { pid: 42, comm: 'java', complete: true }, summary: null })] },
      [],
    ],
    ['by the choice’s process', { rows: new Map([[43, row('0 43 1')]]), kills: [kill({ choice: { pid: 43 } })] }, []],
    ['of a group that is killed as a whole', { rows: other, groupPath: '/a' }, []],
    ['whose group the report names', { rows: other, stats: [{ path: '/a' }] }, []],
    ['whose group the report’s limit names', { rows: other, taskIn: { task: null, limit: '/a' } }, []],
    ['whose group was reached', { rows: other, limitReached: '/a/task' }, []],
    [
      'whose group was elided there',
      { rows: other, stats: [{ path: '...' }], summary: summary({ readings: [{ comm: 'java', taskMemcg: '...', oomMemcg: null }] }) },
      ['gap'],
    ],
    [
      'of an empty path',
      { rows: other, stats: [{ path: '' }], summary: summary({ readings: [{ comm: 'java', taskMemcg: '', oomMemcg: null }] }) },
      ['gap'],
    ],
  ])('%s', (_, more, doubts) => {
    expect(doubtsOf(draft(more))).toEqual(doubts)
  })
})

describe('two lines that name a victim', () => {
  const of = (line: object | null, own: object | null, pid = 41) => ({ kills: [kill({ pid, line, summary: own })] })
  const java = { pid: 41, comm: 'java', complete: true }
  const named = (...names: (string | null)[]) => summary({ readings: names.map((comm) => ({ comm, taskMemcg: '/a', oomMemcg: '/a' })) })
  it.each<[string, object, string[]]>([
    ['the same', of(java, summary()), []],
    ['one alone', of(java, null), []],
    ['the other alone', of(null, summary()), []],
    ['another process', of({ ...java, pid: 42 }, summary()), ['victims-differ']],
    ['another process in a line that was cut', of({ ...java, pid: 42 }, summary({ complete: false })), []],
    ['another name', of(java, named('node')), ['victims-differ']],
    ['another name in a line that was cut', of({ ...java, comm: 'ja', complete: false }, named('node')), []],
    ['a name that was cut', of({ ...java, comm: 'ja' }, named('java')), []],
    ['a name that goes on', of({ ...java, comm: 'java-worker' }, named('java')), []],
    ['one of two readings is the same', of(java, named('node', 'java')), []],
    ['no name', of({ ...java, comm: '' }, named('node')), []],
    ['no name in the other', of(java, named(null)), []],
    ['no reading', of(java, summary({ readings: [] })), []],
    ['escapes and foreign bytes', of({ ...java, comm: 'j\u00e4va' }, named(String.raw`j\xc3\xa4va`)), []],
  ])('%s', (_, more, doubts) => {
    expect(doubtsOf(draft(more))).toEqual(doubts)
  })
})

describe('lines of two reports', () => {
  it.each<[string, object, string[]]>([
    ['rests of broken ones', { torn: true }, ['torn']],
    ['between each other', { interleaved: true }, ['interleaved']],
    ['between each other, each with its processor', { interleaved: true, caller: 'C1' }, []],
    ['a group that the victim did not live in', { groupPath: '/b' }, ['interleaved']],
    ['the victim’s own group', { groupPath: '/a/task' }, []],
    ['a group above it', { groupPath: '/a' }, []],
    ['a group whose name only begins like it', { groupPath: '/a/ta' }, ['interleaved']],
    ['all', { groupPath: '/' }, []],
    ['a group that was elided', { groupPath: '/a/...' }, []],
    [
      'a victim’s group that was elided',
      { groupPath: '/b', summary: summary({ readings: [{ comm: 'java', taskMemcg: '...', oomMemcg: null }] }) },
      [],
    ],
    [
      'no group of the victim',
      { groupPath: '/b', summary: summary({ readings: [{ comm: 'java', taskMemcg: null, oomMemcg: null }] }) },
      [],
    ],
    ['no summary', { groupPath: '/b', summary: null }, []],
    [
      'one of two readings fits',
      {
        groupPath: '/b',
        summary: summary({
          readings: [
            { comm: 'a', taskMemcg: '/a', oomMemcg: null },
            { comm: 'a', taskMemcg: '/b', oomMemcg: null },
          ],
        }),
      },
      [],
    ],
  ])('%s', (_, more, doubts) => {
    expect(doubtsOf(draft(more))).toEqual(doubts)
  })
})

describe('a place where lines are missing', () => {
  it('holds what was told before it, once, and the pause to the next line', () => {
    const one = draft({ rows: new Map([[7, row()]]), stackHead: { pid: 8 }, stats: [{ path: '/a' }] })
    openGap(one)
    openGap(one)
    expect(one.gaps).toEqual([{ pids: new Set([7, 8]), paths: new Set(['/a']), before: moment(1_000_000), elapsedUs: undefined }])
    closeGap(one, moment(1_200_000))
    closeGap(one, moment(9_000_000))
    expect(one.gaps[0]?.elapsedUs).toBe(200_000)
    openGap(one)
    expect(one.gaps).toHaveLength(2)
    expect(() => closeGap(draft(), moment(1))).not.toThrow()
  })

  it('has no pause where the kernel’s clock is not on both sides', () => {
    expect(pauseBefore(draft(), moment(1_300_000))).toBe(300_000)
    expect(pauseBefore(draft(), moment(null))).toBeNull()
    expect(pauseBefore(draft({ lastMoment: moment(null) }), moment(1))).toBeNull()
  })
})
