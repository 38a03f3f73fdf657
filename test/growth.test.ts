import { describe, expect, it } from 'vitest'
import { outputs, renderReport } from '../src/render/index.ts'
import { dmesg, killLines } from './evidence.ts'
import { reportOf } from './report-of.ts'

/** What is far beyond anything that a machine writes: the sizes of the issue with `OOM_REPORT_FULL=1`, a part of them else. */
const isFull = process.env['OOM_REPORT_FULL'] !== undefined
const part = (whole: number): number => (isFull ? whole : whole / 8)
const MB = part(16_000_000)
/** More than the incidents that a report holds. */
const ROWS = part(100_000)
const DEPTH = 100_000

const PID = 4711
const kill = dmesg(killLines(41.5, PID))
/** Kernel lines with stamps, the way dmesg prints them. */
const stamped = (lines: readonly string[]): string => lines.map((text) => `[   41.000000] ${text}\n`).join('')
const filled = (pattern: string, size = MB): string => pattern.repeat(Math.ceil(size / pattern.length))
const rows = (row: (n: number) => string): string => Array.from({ length: ROWS }, (_, n) => row(n)).join('')

/** A task table with so many rows, in an otherwise ordinary dump. */
const manyTasks = (): string => {
  const lines = killLines(41.5, PID).map(({ text }) => text)
  const at = lines.findIndex((line) => line.startsWith('[  pid  ]')) + 1
  const tasks = Array.from(
    { length: ROWS },
    (_, n) => `[${String(10_000 + n).padStart(7)}]     0 ${10_000 + n}    10536      100   118784        0             0 task-${n}`,
  )
  return stamped([...lines.slice(0, at), ...tasks, ...lines.slice(at)])
}

const yamlPod = (inside: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: cart-0\n  namespace: shop\n${inside}spec:\n  containers:\n  - name: app\n    image: x\nstatus:\n  containerStatuses:\n  - name: app\n    restartCount: 1\n    lastState:\n      terminated:\n        reason: OOMKilled\n        exitCode: 137\n        finishedAt: "2026-11-24T07:04:01Z"\n`

/** Nine aliases of nine aliases …: 9¹¹ values, were they laid out. */
const aliases = (): string => {
  const levels = Array.from(
    { length: 11 },
    (_, n) => `    l${n + 1}: &l${n + 1} [${Array.from({ length: 9 }, () => `*l${n}`).join(', ')}]\n`,
  )
  return `  annotations:\n    l0: &l0 [lol]\n${levels.join('')}`
}

/** Entries of `journalctl -o export`, the first with a field of bytes whose length is damaged: it announces two gigabytes. */
const damagedExport = (): string => {
  const entry = (message: string, n: number): string =>
    `__CURSOR=s=1;i=${n}\n__REALTIME_TIMESTAMP=${1_795_503_850_000_000 + n}\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\n${message}\n\n`
  const text = rows((n) => `line ${n} of what a program said\n`)
  return [
    entry(`MESSAGE\n\x01\x02\x03\x7f\0\0\0\0${text}`, 0),
    ...killLines(41.5, PID).map(({ text: line }, n) => entry(`MESSAGE=${line}`, n + 1)),
  ].join('')
}

/** Text that is looked at, how many kills stand in it, and a file's name where that tells what it is. */
const cases: readonly (readonly [what: string, text: () => string, kills: number, file?: string])[] = [
  ['a line of letters', () => `${filled('a')}\n${kill}`, 1],
  ['a line of blanks', () => `[   40.000000] ${filled(' ')}x\n${kill}`, 1],
  ['a line of words that begin as ours do', () => `[   40.000000] ${filled('Killed process 1 (')}\n${kill}`, 1],
  ['a line of opened brackets and quotes', () => `${filled('{"[(')}\n${kill}`, 1],
  ['a line of escapes', () => `${filled('\\x1b[0m\\u001b')}\n${kill}`, 1],
  ['a line of stamps', () => `${filled('[   40.000000] ')}\n${kill}`, 1],
  ['a line of key=value', () => `[   40.000000] oom-kill:${filled('task=a,pid=1,')}\n${kill}`, 1],
  ['a long line after the kill', () => `${kill}[   42.000000] ${filled('b ')}`, 1],
  [
    'a CRI line in so many parts',
    () => `${rows((n) => `2026-11-24T07:04:10.${String(n % 1000).padStart(9, '0')}Z stdout P part ${n}\n`)}${kill}`,
    1,
  ],
  ['a field that announces gigabytes', damagedExport, 1],
  ['JSON arrays in arrays', () => `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}\n`, 0, 'pods.json'],
  ['JSON objects in objects', () => `${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}\n`, 0, 'pods.json'],
  ['JSON that never closes', () => `{"kind":"List","items":${'[{"a":'.repeat(DEPTH)}`, 0, 'pods.json'],
  [
    'deep JSON within a log line',
    () => `{"log":${JSON.stringify(`${'{"log":'.repeat(DEPTH / 10)}`)},"stream":"stdout","time":"2026-11-24T07:04:10Z"}\n${kill}`,
    1,
  ],
  ['YAML aliases of aliases', () => yamlPod(aliases()), 1, 'pod.yaml'],
  ['YAML in brackets', () => yamlPod(`  annotations: ${'['.repeat(DEPTH / 10)}${']'.repeat(DEPTH / 10)}\n`), 1, 'pod.yaml'],
  ['YAML by indentation', () => yamlPod(Array.from({ length: 400 }, (_, n) => `${' '.repeat(n + 2)}a:\n`).join('')), 1, 'pod.yaml'],
  ['a task table', manyTasks, 1],
  [
    'a table of pods',
    () => `NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE\n${rows((n) => `shop   cart-${n}   0/1   OOMKilled   ${n % 9}   3d\n`)}`,
    5_000,
  ],
  [
    'a table of events',
    () =>
      `LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\n${rows((n) => `18m   Warning   BackOff   pod/cart-${n}   Back-off restarting failed container app in pod cart-${n}_shop\n`)}`,
    0,
  ],
  [
    'a table of processes',
    () =>
      `  PID USER      PR  NI    VIRT    RES    SHR S  %CPU %MEM     TIME+ COMMAND\n${rows((n) => `${String(n + 1).padStart(5)} root      20   0  1g  100m  1m S   0.0  0.1   0:00.01 task-${n}\n`)}${kill}`,
    1,
  ],
  [
    'memory statistics',
    () =>
      stamped(
        killLines(41.5, PID).flatMap(({ text }) =>
          text.startsWith('anon ') ? [text, ...Array.from({ length: ROWS }, (_, n) => `counter_${n} ${n}`)] : [text],
        ),
      ),
    1,
  ],
]

describe('what grows without bound', () => {
  for (const [what, text, kills, file = 'messages'] of cases)
    it(`${what}: is read in time, and what stands beside it is found`, { timeout: 120_000 }, async () => {
      const given = text()
      const started = performance.now()
      const report = await reportOf({ [file]: given })
      const found = report.incidents.flatMap((i) => i.kills).length
      expect(found).toBe(kills)
      for (const { id } of kills > 1 ? outputs.filter(({ id }) => id === 'json' || id === 'html') : outputs)
        expect((await renderReport(report, id)).length).toBeLessThan(kills > 1 ? 100_000_000 : 2_000_000)
      expect(performance.now() - started).toBeLessThan(60_000)
    })

  it('YAML deeper than its parser bears costs its document, and the death in it is not passed over', async () => {
    const text = yamlPod(Array.from({ length: 2_000 }, (_, n) => `${' '.repeat(n + 2)}a:\n`).join(''))
    const report = await reportOf({ 'pod.yaml': text, messages: kill })
    expect(report.incidents.flatMap((i) => i.kills)).toHaveLength(1)
    expect(report.findings.map(({ id }) => id)).toContain('seen-not-understood')
    expect(report.warnings.join()).toMatch(/pod\.yaml: the reader kubernetes-yaml failed/)
  })
})
