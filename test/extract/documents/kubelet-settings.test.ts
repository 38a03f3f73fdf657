import { describe, expect, it } from 'vitest'
import { kubeletFlags } from '../../../src/extract/documents/kubelet-flags.ts'
import { pageOf } from '../../../src/extract/documents/page.ts'
import { ofKind, readText } from './read.ts'

async function settingsOf(text: string, path: string): Promise<Record<string, string> | null> {
  const [setting, ...others] = ofKind((await readText(text, path)).facts, 'setting')
  expect(others).toEqual([])
  return setting === undefined ? null : Object.fromEntries(Object.entries(setting.values).map(([key, told]) => [key, told.value]))
}

describe('the kubelet’s configuration', () => {
  const whole = { kind: 'KubeletConfiguration', apiVersion: 'kubelet.config.k8s.io/v1beta1' }
  it.each<[string, Record<string, unknown>, Record<string, string> | null]>([
    [
      'a number, a flag, a word',
      { ...whole, maxPods: 110, failSwapOn: false, cgroupDriver: 'systemd' },
      { maxPods: '110', failSwapOn: 'false', cgroupDriver: 'systemd' },
    ],
    ['null, and what is no scalar', { ...whole, maxPods: null, cgroupDriver: {}, failSwapOn: true }, { failSwapOn: 'true' }],
    [
      'a map',
      { ...whole, evictionHard: { 'memory.available': '5%', 'nodefs.available': null } },
      { 'evictionHard.memory.available': '5%' },
    ],
    ['a map that is a list', { ...whole, evictionHard: ['memory.available'], maxPods: 1 }, { maxPods: '1' }],
    [
      'what is enforced',
      { ...whole, enforceNodeAllocatable: ['pods', null, 'kube-reserved'] },
      { enforceNodeAllocatable: 'pods,kube-reserved' },
    ],
    ['nothing enforced', { ...whole, enforceNodeAllocatable: [] }, { enforceNodeAllocatable: '' }],
    ['enforced as text', { ...whole, enforceNodeAllocatable: 'pods', maxPods: 1 }, { maxPods: '1' }],
    ['nothing of memory', { ...whole, port: 10_250 }, null],
    ['configz', { kubeletconfig: { maxPods: 7 } }, { maxPods: '7' }],
  ])('%s', async (_, config, expected) => {
    const told = await settingsOf(JSON.stringify(config), 'kubelet.json')
    expect(told).toEqual(
      expected === null ? null : Object.fromEntries(Object.entries(expected).map(([key, value]) => [`kubelet.${key}`, value])),
    )
  })
})

describe('the kubelet’s command line', () => {
  const page = pageOf({ source: 's', path: 's', text: 'first\nsecond', modifiedMs: null })
  const flags = (line: string): Record<string, string> | null => {
    const [setting] = kubeletFlags(page, 1, line)
    return setting === undefined ? null : Object.fromEntries(Object.entries(setting.values).map(([key, told]) => [key, told.value]))
  }
  it.each<[string, Record<string, string> | null]>([
    ['kubelet --max-pods=110', { 'kubelet.maxPods': '110' }],
    ['/usr/bin/kubelet --max-pods 110 --v=2', { 'kubelet.maxPods': '110' }],
    [
      'kubelet --eviction-hard=memory.available<750Mi,nodefs.available<10%',
      { 'kubelet.evictionHard.memory.available': '750Mi', 'kubelet.evictionHard.nodefs.available': '10%' },
    ],
    ['kubelet --kube-reserved="memory=1Gi,cpu=100m,nothing"', { 'kubelet.kubeReserved.memory': '1Gi', 'kubelet.kubeReserved.cpu': '100m' }],
    ["hyperkube kubelet '--fail-swap-on=false'", { 'kubelet.failSwapOn': 'false' }],
    ['kubelet --eviction-hard=,memory.available<', null],
    ['kubelet --port=1', null],
    ['kubelet', null],
    ['mykubelet --max-pods=110', null],
    ['kube-proxy --max-pods=110', null],
  ])('%s', (line, expected) => {
    expect(flags(line)).toEqual(expected)
  })

  it('is quoted by its line', () => {
    expect(kubeletFlags(page, 1, 'kubelet --max-pods=110')[0]?.values['kubelet.maxPods']?.quote).toMatchObject({ line: 2, text: 'second' })
  })

  it.each<[string, string | null]>([
    ['KUBELET_KUBEADM_ARGS="--max-pods=110"', '110'],
    ['ExecStart=/usr/bin/kubelet --max-pods=110', '110'],
    ['/usr/bin/kubelet --max-pods=110', '110'],
    ['kubelet --max-pods=110', '110'],
    [`${'a line\n'.repeat(29)}kubelet --max-pods=110`, '110'],
    [`${'a line\n'.repeat(30)}kubelet --max-pods=110`, null],
    ['the kubelet --max-pods=110', null],
  ])('a file of it: %j', async (text, pods) => {
    expect((await settingsOf(text, 'kubelet.txt'))?.['kubelet.maxPods'] ?? null).toBe(pods)
  })
})
