import { describe, expect, it } from 'vitest'
import type { AnyReport } from '../../src/model/report.ts'
import { outputs, renderReport } from '../../src/render/index.ts'
import { plainReport } from '../../src/report/plain.ts'
import { redact } from '../../src/report/redact.ts'
import { allReports, containerLimit, nodeWide } from '../fixtures/reports.ts'

const withSecrets: AnyReport = {
  ...nodeWide,
  warnings: [
    '/home/anna/case-4711/kern.log: read as anna@jump.corp.example from 10.20.30.40, fe80::1ff:fe23:4567:890a and 52:54:00:ab:cd:ef',
  ],
  timeline: [
    ...nodeWide.timeline,
    {
      ...(nodeWide.timeline[0] as AnyReport['timeline'][number]),
      text: 'systemd: billing-export.service failed; kubelet pods=["billing/ledger-0","kube-system/coredns-abc"]',
    },
  ],
}

const originals = [
  ...[
    'worker-1',
    'pricing-7c9d6f5b84-q8x2m',
    'pricing',
    'shop',
    '68614f59',
    '91efaeab566e',
    'd196d422',
    '988ded1656',
    '10.42.3.17',
    'kern.log',
  ],
  ...['anna', 'jump.corp.example', '10.20.30.40', 'fe80::1ff', '52:54:00', 'billing', 'ledger', 'case-4711', 'pod.yaml', 'containerd.log'],
]

describe('redact', () => {
  it.each(outputs.map(({ id }) => id))('leaves none of the originals in %s', async (id) => {
    const text = await renderReport(redact(withSecrets), id)
    for (const original of originals)
      expect(text.toLowerCase().includes(original.toLowerCase()) ? `${original}: ${around(text, original)}` : '').toBe('')
  })

  it('gives the same name the same alias everywhere, and leaves the story', () => {
    const report = plainReport(redact(containerLimit))
    const [incident] = report.incidents
    expect(incident?.workload).toMatchObject({
      namespace: 'namespace-1',
      pod: 'pod-1',
      owner: 'Deployment/owner-1',
      container: 'app',
      podUid: 'uid-1',
    })
    expect(incident?.headline).toBe(
      'java (PID 279) in container app of pod namespace-1/pod-1 was killed at 2026-11-24 06:59:32.432 UTC: the container reached its 80 MiB limit, 99 % of it anonymous memory of that one process.',
    )
    expect(incident?.kills[0]?.victim.comm).toBe('java')
    expect(incident?.kills[0]?.memcg?.path).toBe(
      '/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poduid-1.slice/cri-containerd-container-id-1.scope',
    )
    expect(incident?.recommendations[0]?.command).toBe(
      'kubectl -n namespace-1 set resources deployment/owner-1 -c app --limits=memory=192Mi --requests=memory=192Mi',
    )
    expect(incident?.excerpt?.lines[0]?.text).toMatch(
      /^2026-11-24T01:59:32.411752-05:00 host-1 kernel: \[ {3}52.491711\] java invoked oom-killer: gfp_mask=0xcc0\(GFP_KERNEL\)/,
    )
    expect(incident?.diagnosis.limit.evidence[0]?.source).toBe('source-1.log')
  })

  it('is stable, idempotent in shape and changes no number but those that tell the length of a name', () => {
    for (const report of Object.values(allReports)) {
      expect(redact(report)).toEqual(redact(report))
      const numbers = (r: AnyReport): unknown =>
        JSON.parse(
          JSON.stringify(r, (key, v) => (typeof v === 'string' || key === 'offset' || (key === 'bytes' && typeof v === 'number') ? '' : v)),
        )
      expect(numbers(redact(report))).toEqual(numbers(report))
    }
  })

  it('takes what only a sentence, a Docker event or the name of a pod tells to be one', () => {
    const row = nodeWide.timeline[0] as AnyReport['timeline'][number]
    const text = ['container ', { code: 'zork' }, ' of pod acme/zorkcart-6d5f7c9b8-x2x4z waits']
    const report = {
      ...nodeWide,
      timeline: [
        { ...row, text },
        { ...row, text: 'kubelet: container zorkside of pod acme/other-0 waits' },
      ],
      warnings: [
        'name zork, image zorkcart, beside zorkside',
        'container oom 25a38b5b8d55 (com.docker.compose.project=zorkshop, image=x/y:1, name=zorkbox)',
        'zorkshop and zorkbox',
      ],
    } as AnyReport
    expect(JSON.stringify(redact(report))).not.toMatch(/zork|acme/)
  })

  it('takes names of any length', () => {
    const pod = `p${'7'.repeat(400_000)}`
    const report = redact({
      ...containerLimit,
      incidents: containerLimit.incidents.map((i) => ({ ...i, workload: i.workload && { ...i.workload, pod } })),
    })
    expect(JSON.stringify(report)).not.toContain('7777777777')
  })

  it('gives an id that is shortened before it is whole one alias', () => {
    const id = '4517fb06be9c'.padEnd(64, '3e')
    const { warnings } = redact({ ...nodeWide, warnings: [`container ${id.slice(0, 12)} died`, `cri-containerd-${id}.scope`] })
    const alias = /^container (container-id-\d+) died$/.exec(warnings[0] ?? '')?.[1]
    expect(alias).toBeDefined()
    expect(warnings[1]).toBe(`cri-containerd-${alias}.scope`)
  })

  it('keeps our own ids when a name is one of them', () => {
    const report = redact({
      ...containerLimit,
      incidents: containerLimit.incidents.map((i) => ({
        ...i,
        host: 'single',
        workload: i.workload && { ...i.workload, namespace: 'high', owner: 'Deployment/java' },
      })),
    })
    expect(report.incidents[0]).toMatchObject({
      pattern: 'single',
      host: expect.stringMatching(/^host-/),
      diagnosis: { limit: { id: 'container-limit', confidence: 'high' } },
    })
    expect(report.incidents[0]?.kills[0]?.victim.comm).toBe('java')
  })
})

const around = (text: string, word: string): string => {
  const at = text.toLowerCase().indexOf(word.toLowerCase())
  return text.slice(Math.max(0, at - 60), at + 60)
}
