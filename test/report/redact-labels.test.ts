import { describe, expect, it } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { redact } from '../../src/report/redact.ts'
import { withoutLabels } from '../../src/report/redact-labels.ts'
import { reportOf } from '../report-of.ts'

const aliased = (text: string): string => {
  const known = new Map<string, string>()
  return withoutLabels(text, (value) => known.get(value) ?? known.set(value, `label-${known.size + 1}`).get(value) ?? '')
}

describe('values of labels, annotations and variables nobody knows the key of', () => {
  it.each([
    [
      '{"labels":{"customer":"zenith","job":"x y"},"line":"a zenith"}',
      '{"labels":{"customer":"label-1","job":"label-2"},"line":"a zenith"}',
    ],
    ['{"message":"m","tenant_id":"zenith","id":"i-1"}', '{"message":"m","tenant_id":"label-1","id":"i-1"}'],
    ['{"log":"{\\"level\\":\\"info\\",\\"team\\":\\"zenith\\"}"}', '{"log":"{\\"level\\":\\"info\\",\\"team\\":\\"label-1\\"}"}'],
    ['{"a":"quoted \\"zenith\\" here"}', '{"a":"label-1"}'],
    ['{"tags":["env:zenith","kube_namespace:shop","plain"]}', '{"tags":["env:label-1","kube_namespace:shop","label-2"]}'],
    ['{"env":["CUSTOMER=zenith"]}', '{"env":["CUSTOMER=label-1"]}'],
    ['firing {alertname="Oom",customer="zenith",pod="p-1"} 1', 'firing {alertname="Oom",customer="label-1",pod="p-1"} 1'],
    ['[meta@1 customer="zenith" team="t-9"] text', '[meta@1 customer="label-1" team="label-2"] text'],
    ['oom x (com.example.tenant=zenith, image=a/b:1, name=c)', 'oom x (com.example.tenant=label-1, image=a/b:1, name=c)'],
  ])('%s', (text, expected) => {
    expect(aliased(text)).toBe(expected)
  })

  it.each([
    '{"reason":"OOMKilled","exitCode":137,"memory":"512Mi","phase":"Running","x":"17","y":"true","z":"2026-11-24T07:04:10Z"}',
    '{"containerID":"containerd://7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a"}',
    'Main PID: 4711 (code=killed, signal=KILL)',
    'I1124 07:04:10.0 1 x.go:1] "Evicted" pod="a/b" podUID="x" resourceName="memory"',
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,task_memcg=/a,task=java,pid=1,uid=0',
  ])('leaves %s', (text) => {
    expect(aliased(text)).toBe(text)
  })

  const kill =
    'Memory cgroup out of memory: Killed process 4711 (java) total-vm:1204224kB, anon-rss:522240kB, file-rss:2048kB, shmem-rss:0kB, UID:1000 pgtables:1300kB oom_score_adj:980'
  const time = '2026-11-24T07:04:10.000000Z'
  it.each([
    ['loki.jsonl', { labels: { transport: 'kernel', host: 'n-1', customer: 'zenith' }, line: kill, timestamp: time }],
    [
      'es.ndjson',
      {
        _index: 'zenith-1',
        _source: { '@timestamp': time, message: kill, labels: { cost: 'Zenith Ltd' }, tags: ['zenith'], host: { name: 'n-1' } },
      },
    ],
    [
      'gcp.json',
      {
        logName: 'projects/zenith/logs/k',
        resource: { type: 'k8s_node', labels: { node_name: 'n-1', project_id: 'zenith' } },
        jsonPayload: { MESSAGE: kill, _TRANSPORT: 'kernel' },
        timestamp: time,
      },
    ],
    ['dd.ndjson', { id: 'A', attributes: { timestamp: time, message: kill, service: 'kernel', host: 'n-1', tags: ['customer:zenith'] } }],
    [
      'journal.json',
      { MESSAGE: kill, _TRANSPORT: 'kernel', _HOSTNAME: 'n-1', __REALTIME_TIMESTAMP: '1795503850000000', CUSTOMER: 'zenith' },
    ],
    ['fluent.ndjson', { date: time, MESSAGE: kill, _TRANSPORT: 'kernel', _HOSTNAME: 'n-1', customer_id: 'zenith' }],
  ])('are in no output: %s', async (name, line) => {
    const report = redact(await reportOf({ [name]: `${JSON.stringify(line)}\n` }))
    expect(report.incidents).toHaveLength(1)
    for (const { id } of outputs) expect(await renderReport(report, id), id).not.toMatch(/zenith/i)
  })
})
