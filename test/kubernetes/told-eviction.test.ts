import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { analyze } from '../../src/index.ts'

const message =
  'The node was low on resource: memory. Threshold quantity: 750Mi, available: 225800Ki. Container app was using 5872025Ki, request is 1Gi, has larger consumption of memory. '
const described = `Name:             web-7d9c-x1
Namespace:        shop
Node:             n1/10.0.0.4
Status:           Failed
Reason:           Evicted
Message:          ${message}
Containers:
  app:
    Image:      shop/web:1
    State:      Terminated
      Reason:   Error
      Exit Code: 137
    Requests:
      memory: 1Gi
`
const event = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'web.17683ea4fced9353', namespace: 'shop' },
  involvedObject: { kind: 'Pod', name: 'web-7d9c-x1', namespace: 'shop' },
  reason: 'Evicted',
  message,
  type: 'Warning',
  lastTimestamp: '2026-11-24T06:10:00Z',
})

describe.each([
  ['the status of the pod', described],
  ['an API event', event],
])('an eviction that only %s tells of', (_, text) => {
  test('has its threshold, what was left and what the pod used', async () => {
    const { report } = await analyze(['-'], { stdin: Readable.from([Buffer.from(text)]) })
    const [incident] = report.incidents
    expect(report.incidents).toHaveLength(1)
    expect(incident?.eviction).toMatchObject({ availableBytes: 225800 * 1024, thresholdBytes: 750 * 2 ** 20 })
    expect(incident?.diagnosis.limit.statement).toMatch(/750 MiB \(221 MiB was left\)/)
    expect(incident?.diagnosis.consumer.statement).toMatch(/used 5\.60 GiB \(request 1 GiB\)/)
    expect(incident?.recommendations.map((one) => one.text).join('\n')).not.toMatch(/not in the input/)
    expect(incident?.rootCause.statement).not.toMatch(/used by others/)
  })
})
