import { describe, expect, test } from 'vitest'
import { withoutBreaks } from '../../src/extract/documents/paste/broken-lines.ts'
import { readPaste } from './read.ts'

const id = '9f'.repeat(32)
const pod = `Name:             ledger-7f9c5d4b8-x2x4z
Namespace:        fin
Node:             ip-10-0-3-17.eu-central-1.compute.internal/10.0.3.17
Labels:           app=ledger
                  pod-template-hash=7f9c5d4b8
Annotations:      kubernetes.io/limit-ranger: LimitRanger plugin set: cpu, memory request for container books; memory limit for container books
Status:           Running
Containers:
  books:
    Container ID:   containerd://${id}
    Image:          registry.example.com/finance/ledger/production:2026.11.24-rc1
    Image ID:       registry.example.com/finance/ledger/production@sha256:${id}
    State:          Running
      Started:      Tue, 24 Nov 2026 07:39:00 +0100
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Finished:     Tue, 24 Nov 2026 07:38:45 +0100
    Restart Count:  2
    Limits:
      memory:  512Mi
    Environment:
      JAVA_OPTS:  -Xmx480m -XX:+UseG1GC -Dspring.profiles.active=production -Dlogging.level.root=INFO
Conditions:
  Type              Status
  Ready             True
QoS Class:          Burstable
`
const yaml = `apiVersion: v1
kind: Pod
metadata:
  name: ledger-7f9c5d4b8-x2x4z
  namespace: fin
spec:
  nodeName: ip-10-0-3-17.eu-central-1.compute.internal
status:
  containerStatuses:
  - containerID: containerd://${id}
    imageID: registry.example.com/finance/ledger/production@sha256:${id}
    lastState:
      terminated:
        containerID: containerd://${id}
        exitCode: 137
        finishedAt: "2026-11-24T06:38:45Z"
        reason: OOMKilled
    name: books
    restartCount: 2
`

const each = (text: string, change: (line: string) => readonly string[]): string => text.split('\n').flatMap(change).join('\n')
const cut = (text: string, width: number): string => each(text, (line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [''])
/** At blanks, as mail programs do: what hangs over stands at the left edge. */
const filled = (text: string, width: number): string =>
  each(text, (line) => {
    const out = ['']
    for (const word of line.split(/(?<=\S) (?=\S)|(?<=\S)(?= {2})/)) {
      const last = out.at(-1) as string
      const longer = last === '' ? word : `${last}${word.startsWith(' ') ? '' : ' '}${word}`
      if (last !== '' && longer.length > width) out.push(word.trimStart())
      else out[out.length - 1] = longer
    }
    return out
  })
const quoted = (text: string): string => each(text, (line) => [`> ${line}`])
const numbered = (text: string): string =>
  text
    .split('\n')
    .map((line, at) => `${String(at + 1).padStart(4)}  ${line}`)
    .join('\n')

const expectsDeath = async (text: string): Promise<void> => {
  const { incidents } = await readPaste(text)
  expect(incidents).toHaveLength(1)
  expect(incidents[0]?.kills).toMatchObject([{ time: '2026-11-24T06:38:45Z' }])
  expect(incidents[0]?.workload).toMatchObject({ namespace: 'fin', pod: 'ledger-7f9c5d4b8-x2x4z', container: 'books' })
  // Of a description's container the id is that of its next life.
  expect(incidents[0]?.workload?.containerId).toBe(text.includes('lastState') ? id : null)
  expect(incidents[0]?.host).toBe('ip-10-0-3-17.eu-central-1.compute.internal')
}

describe('a description or the YAML of a pod whose long lines were broken', () => {
  const widths = [64, 72, 76, 80, 100]
  test.each(widths)('cut at column %i', (width) => expectsDeath(cut(pod, width)))
  test.each(widths)('filled to column %i', (width) => expectsDeath(filled(pod, width)))
  test.each(widths)('cut at column %i and quoted', (width) => expectsDeath(quoted(cut(pod, width))))
  test.each(widths)('filled to column %i and quoted', (width) => expectsDeath(`On Tuesday Jo wrote:\n${quoted(filled(pod, width))}`))
  test.each(widths)('YAML cut at column %i', (width) => expectsDeath(cut(yaml, width)))
  test.each(widths)('YAML filled to column %i', (width) => expectsDeath(filled(yaml, width)))
  test('with arrows', () => expectsDeath(each(pod, (line) => (line.length <= 80 ? [line] : [line.slice(0, 80), `↪ ${line.slice(80)}`]))))
  test('without any indentation, labels and all', () => expectsDeath(each(filled(pod, 72), (line) => [line.trim()])))
  test('with numbers before the lines', () => expectsDeath(numbered(yaml)))
  test('in quoted-printable', () => {
    const soft = each(pod.replaceAll('=', '=3D'), (line) =>
      (line.match(/.{1,74}/g) ?? ['']).map((part, at, all) => (at + 1 < all.length ? `${part}=` : part)),
    )
    return expectsDeath(`Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n${soft}`)
  })
})

describe('lines that were not broken', () => {
  test.each([
    ['a description', pod],
    ['YAML', yaml],
    ['an indented description', each(pod, (line) => [`    ${line}`])],
  ])('%s', (_, text) => expect(withoutBreaks(text.split('\n'))).toBeNull())

  test('arguments below a long one stay by themselves', () => {
    const lines = [
      '  books:',
      '    Container ID:  containerd://9f',
      '    Args:',
      `      --path=/${'a/'.repeat(60)}`,
      '      -Xmx480m',
      '    State:  Running',
    ]
    expect(withoutBreaks(lines)).toBeNull()
  })

  test('what follows the longest line without a blank one between is no rest of it', () => {
    expect(withoutBreaks([...pod.trimEnd().split('\n'), 'see above'])).toBeNull()
  })
})
