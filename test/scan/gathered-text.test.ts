import { describe, expect, it } from 'vitest'
import { beginsGathered, machinesIn, mayBeGathered } from '../../src/scan/text/gathered.ts'

const kernel = '[  100.000001] Mem-Info:'
const local = '[Tue Nov 24 07:04:29 2026] Mem-Info:'
const date = 'Tue Nov 24 07:04:29 UTC 2026'

/** Each machine with the numbers of the lines that are its own. */
const told = (text: string): Record<string, number[]> | null => {
  const machines = machinesIn(text)
  if (machines === null) return null
  return Object.fromEntries(machines.map(({ host, lines }) => [String(host), lines.flatMap((line, at) => (line === '' ? [] : [at + 1]))]))
}
const two = (title: (name: string) => string, first = kernel, second = kernel): string =>
  `${title('node7')}\n${first}\n${title('node8')}\n${second}\n`

describe('titles above each machine’s output', () => {
  it.each<[string, (name: string) => string]>([
    ['=== ===', (name) => `=== ${name} ===`],
    ['==', (name) => `== ${name}`],
    ['#####', (name) => `##### ${name} #####`],
    ['---', (name) => `--- ${name}`],
    ['>>> <<<', (name) => `>>> ${name} <<<`],
    ['***', (name) => `*** ${name} ***`],
    ['=== host:', (name) => `=== host: ${name} ===`],
    ['=== Host', (name) => `=== Host ${name} ===`],
    ['=== Node:', (name) => `=== Node: ${name} ===`],
    ['=== node', (name) => `=== node ${name} ===`],
    ['=== :', (name) => `=== ${name}: ===`],
    ['name:', (name) => `${name}:`],
    ['ansible', (name) => `${name} | CHANGED | rc=0 >>`],
    ['ansible, failed', (name) => `${name} | FAILED! | rc=1 >>`],
    ['ansible, no change', (name) => `${name} | SUCCESS | rc=0 >>`],
    ['parallel-ssh', (name) => `[1] 12:00:00 [SUCCESS] ${name}`],
    ['parallel-ssh, as somebody', (name) => `[1] 12:00:00 [FAILURE] root@${name} Exited with error code 1`],
  ])('%s', (_, title) => {
    expect(told(two(title))).toEqual({ node7: [2], node8: [4] })
    expect(told(two(title).replaceAll('\n', '\r\n'))).toEqual({ node7: [2], node8: [4] })
    expect(told(`a word\n${two(title)}`)).toEqual({ null: [1], node7: [3], node8: [5] })
    expect(told(`\n${two(title)}`)).toEqual({ node7: [3], node8: [5] })
    expect(beginsGathered(two(title))).toBe(true)
    expect(mayBeGathered(two(title))).toBe(true)
    expect(beginsGathered(`a word\n${two(title)}`)).toBe(false)
    expect(told(two(title, date, date))).toEqual({ node7: [2], node8: [4] })
    expect(told(two(title, local, `<4>${local}`))).toEqual({ node7: [2], node8: [4] })
  })

  it('rules above and below the name', () => {
    const ruled = (name: string): string => `----------------\n${name}\n----------------`
    expect(told(two(ruled))).toEqual({ node7: [4], node8: [8] })
    expect(told(two((name) => ruled(`${name} (1)`)))).toEqual({ node7: [4], node8: [8] })
    // several machines that said the same are nobody's in particular
    expect(told(`${ruled('node[7-8] (2)')}\n${kernel}\n`)).toEqual({ null: [4] })
    expect(told(`----------------\nnode7\n${kernel}\n${kernel}\n`)).toBeNull()
    expect(told(`----------------\nsome words here\n----------------\n${kernel}\n`)).toBeNull()
    expect(told(`x\nnode7\n----------------\n${kernel}\n`)).toBeNull()
  })

  it('a program that gathers is believed for one machine, a title is not', () => {
    expect(told(`node7 | CHANGED | rc=0 >>\n${kernel}\n`)).toEqual({ node7: [2] })
    expect(told(`=== node7 ===\n${kernel}\n`)).toBeNull()
    expect(told(two((name) => `=== ${name} ===`, kernel, 'other words'))).toBeNull()
    expect(told(two((name) => `=== ${name} ===`, kernel, date))).toBeNull()
    // beside a program's own heads a title is part of the output
    expect(told(`node7 | CHANGED | rc=0 >>\n=== x1 ===\n${kernel}\n`)).toEqual({ node7: [2, 3] })
  })

  it.each([
    'app.log:',
    '=== notes.txt ===',
    '=== values.json ===',
    '=== pod.yaml ===',
    '=== pod.yml ===',
    '=== x.out ===',
    '=== x.gz ===',
    '=== a.service ===',
    '=== a.scope ===',
    '=== a.slice ===',
    '=== a.conf ===',
    '=== a.sh ===',
    '=== a.py ===',
    '0123456789abc:',
    '=== kube-system ===',
    '=== kube-public ===',
    '=== kernel ===',
    '=== log1 ===',
    '=== dmesg.1 ===',
    '=== journal-1 ===',
    'step_1:',
    'line12:',
    'run-3:',
    'job7:',
    'test-1:',
    'error-7:',
    'warning1:',
    'info1:',
    'debug1:',
    'thread-12:',
    'cpu0:',
    'pid12:',
    'exit-1:',
    'part-2:',
    'page2:',
    '=== name ===',
    '=== 12 ===',
    '=== 1.5 ===',
    '=-= node9 ===',
    'node9 here:',
    '= node9',
    `${'='.repeat(400)} node9`,
  ])('no machine: %s', (title) => {
    expect(told(`${title}\n${kernel}\n=== node7 ===\n${kernel}\n`)).toBeNull()
    expect(told(`=== node8 ===\n${kernel}\n=== node7 ===\n${kernel}\n`)).not.toBeNull()
  })

  it('a machine by its address', () => {
    expect(told(two((name) => `=== 10.0.0.${name.slice(4)} ===`))).toEqual({ '10.0.0.7': [2], '10.0.0.8': [4] })
  })

  it('one machine’s parts are one', () => {
    expect(told(`${two((name) => `=== ${name} ===`)}=== node7 ===\n${kernel}\n`)).toEqual({ node7: [2, 6], node8: [4] })
  })
})

describe('its name before each line', () => {
  const each = (before: (name: string) => string, lines = [date, kernel]): string =>
    ['node7', 'node8'].flatMap((name) => lines.map((line) => before(name) + line)).join('\n')

  it.each<[string, (name: string) => string]>([
    ['pdsh', (name) => `${name}: `],
    ['fabric', (name) => `[${name}] out: `],
    ['its errors', (name) => `[${name}] err: `],
    ['in brackets', (name) => `[${name}]: `],
  ])('%s', (_, before) => {
    expect(told(each(before))).toEqual({ node7: [1, 2], node8: [3, 4] })
    expect(told(`\n${each(before)}\n`)).toEqual({ node7: [2, 3], node8: [4, 5] })
    expect(machinesIn(each(before))?.[0]?.lines[1]).toBe(kernel)
    expect(beginsGathered(`${each(before)}\n`)).toBe(true)
  })

  it.each(['Tue Nov 24 07:04:29 2026', 'Tue, 24 Nov 2026 07:04:29 +0000', ' 07:04:29 up 3 days, 1 user, load average: 0.1, 0.1, 0.1'])(
    'with a clock: %s',
    (clock) => {
      expect(told(each((name) => `${name}: `, [clock.trim(), kernel]))).toEqual({ node7: [1, 2], node8: [3, 4] })
    },
  )

  it('ring buffers alone are read as logs, and so is what not every line names', () => {
    expect(told(each((name) => `${name}: `, [kernel]))).toBeNull()
    expect(told(`${each((name) => `${name}: `)}\nother words`)).toBeNull()
    expect(told(each((name) => `${name.slice(0, 4)}: `))).toBeNull()
    expect(told(`${each((name) => `${name}: `)}\nnode9: other words`)).toBeNull()
    expect(told(each((name) => `${name}: `, [`${date} and what I did then, at length`, kernel]))).toBeNull()
  })
})

it.each(['node7 kernel: x', 'some words', '- node7', '[2] x', '-- x y', 'a\n\nb'])('a glance at %j is enough', (text) => {
  expect(mayBeGathered(text.startsWith('node7') ? 'Nov 24 07:04:29 node7 kernel: x' : text)).toBe(text === '-- x y')
})
