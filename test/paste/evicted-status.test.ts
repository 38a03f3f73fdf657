import { describe, expect, it } from 'vitest'
import type { PhrasedReport } from '../../src/model/report.ts'
import { readPaste } from './read.ts'

const message =
  'The node was low on resource: memory. Threshold quantity: 200Mi, available: 180224Ki. Container worker was using 2411724Ki, request is 512Mi, has larger consumption of memory. '
const disk =
  'The node was low on resource: ephemeral-storage. Threshold quantity: 8Gi, available: 7Gi. Container worker was using 9Gi, request is 0, has larger consumption of ephemeral-storage. '
const status = (text: string) => ({ message: text, phase: 'Failed', reason: 'Evicted', startTime: '2026-11-24T05:11:02Z' })
const yaml = (text: string, indent = '  '): string =>
  `${indent}message: '${text}'\n${indent}phase: Failed\n${indent}reason: Evicted\n${indent}startTime: "2026-11-24T05:11:02Z"\n`
const described = (text: string): string => `Status:           Failed\nReason:           Evicted\nMessage:          ${text}\n`
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** `[killer, pod, container, confidence of the limit]` of each kill. */
const told = ({ incidents }: PhrasedReport) =>
  incidents.flatMap(({ kills, workload, diagnosis }) =>
    kills.map(({ killer }) => [killer, workload?.pod, workload?.container, diagnosis.limit.id, diagnosis.limit.confidence]),
  )
const nameless = ['kubelet', null, 'worker', 'eviction-threshold', 'medium']
const named = ['kubelet', 'queue-7b9c5d6f84-k2x9p', 'worker', 'eviction-threshold', 'high']

describe('the status of an evicted pod by itself', () => {
  it.each([
    ['YAML below status', `status:\n${yaml(message)}`],
    ['YAML of the status', yaml(message, '')],
    ['YAML in another order', `phase: Failed\nreason: Evicted\nmessage: '${message}'\n`],
    ['YAML folded by an old kubectl', `phase: Failed\nreason: Evicted\nmessage: '${message.replace('. Container', '.\n  Container')}'\n`],
    ['JSON', json(status(message))],
    ['JSON on one line', `${JSON.stringify({ status: status(message) })}\n`],
    [
      'JSON with conditions',
      json({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message }], ...status(message) }),
    ],
    ['three lines of a description', described(message)],
    ['the same, indented and amid words', `Look:\n\n${described(message).replace(/^/gm, '  ')}\nwhy?\n`],
    ['two lines of a description', described(message).split('\n').slice(1).join('\n')],
    ['the message of a description, broken', described(message.replace(' available', '\n  available'))],
    ['its message with its key', `Message: ${message}\n`],
    ['its message', `${message}\n`],
    ['its message in a quotation', `> ${message}\n`],
  ])('%s: the kubelet’s kill, of whom nobody says', async (_, text) => {
    expect(told(await readPaste(text))).toEqual([nameless])
  })

  it.each([
    ['the command', `$ kubectl get pod queue-7b9c5d6f84-k2x9p -o yaml | grep -A5 ^status\nstatus:\n${yaml(message)}`],
    ['jq’s choice of fields', json({ name: 'queue-7b9c5d6f84-k2x9p', namespace: 'jobs', reason: 'Evicted', message })],
    ['metadata', json({ metadata: { name: 'queue-7b9c5d6f84-k2x9p' }, status: status(message) })],
  ])('%s says whose it is', async (_, text) => {
    expect(told(await readPaste(text))).toEqual([named])
  })

  it('the name beside a container’s state is no pod’s', async () => {
    const state = { name: 'worker', lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-24T07:04:29Z' } } }
    const { incidents } = await readPaste(json(state))
    expect(incidents.map(({ workload }) => [workload?.pod, workload?.container])).toEqual([[null, 'worker']])
  })

  it('and its event, which says the same, are one kill', async () => {
    const events = `Events:\n  Type     Reason   Age   From     Message\n  ----     ------   ----  ----     -------\n  Warning  Evicted  5m    kubelet  ${message}\n`
    expect(told(await readPaste(described(message) + events))).toHaveLength(1)
    const listed = `5m  Warning  Evicted  pod/queue-7b9c5d6f84-k2x9p  ${message}\n`
    expect(told(await readPaste(`${described(message)}\nand\n\n${listed}`))).toEqual([named])
  })

  it('two of them with other figures are two kills', async () => {
    const text = [message, message.replace('180224', '99312')].map((one) => JSON.stringify(status(one))).join('\n')
    expect(told(await readPaste(`${text}\n`))).toEqual([nameless, nameless])
  })

  it.each([
    ['evicted-for-other-resource', `status:\n${yaml(disk)}`],
    ['evicted-for-other-resource', json(status(disk))],
    ['evicted-for-other-resource', described(disk)],
    ['evicted-for-other-resource', json(status('Usage of EmptyDir volume "cache" exceeds the limit "1Gi". '))],
    ['admission-refused', `status:\n${yaml('Pod was rejected: The node had condition: [MemoryPressure].')}`],
    ['admission-refused', described('Pod The node had condition: [MemoryPressure].')],
    ['evicted-cause-unknown', 'status:\n  phase: Failed\n  reason: Evicted\n'],
    ['seen-not-understood', json({ level: 'info', reason: 'Evicted', message: 'cache entry evicted, memory is short' })],
    ['seen-not-understood', 'If you see\n\nReason: Evicted\nMessage: the node ran low on memory\n\nthen raise the requests.\n'],
  ])('%s, and no kill', async (id, text) => {
    const { incidents, findings } = await readPaste(text)
    expect(incidents).toEqual([])
    expect(findings.map((finding) => finding.id)).toEqual([id])
  })

  it.each([
    'Pods are evicted with "The node was low on resource: memory." in that case.\n',
    'The node was low on resource: memory is what the kubelet writes.\n',
    'const lowMessage = "The node was low on resource: memory. "\n',
  ])('prose and source are no kill: %s', async (text) => {
    expect((await readPaste(text)).incidents).toEqual([])
  })
})
