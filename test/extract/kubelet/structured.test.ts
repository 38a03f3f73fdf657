import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listItems, member } from '../../../src/extract/go-values.ts'
import { containerId, podNames } from '../../../src/extract/kubelet/names.ts'
import { scanStructured } from '../../../src/extract/kubelet/structured.ts'

const U = '5931aa75-4603-4e65-b552-7c71cf55cfb5'
const C = '25a38b5b8d556d79735df1ccbbd1b4b43e0a45a5a6f4b8d9a3f0f0a0a1b2c3d4'

describe('klog’s structured text', () => {
  it.each([
    ['unquoted podUID, ≤ 1.26', `"M" pod="ns/a" podUID=${U} num=5`, { pod: 'ns/a', podUID: U, num: '5' }],
    ['quoted podUID, ≥ 1.27', `"M" pod="ns/a" podUID="${U}"`, { pod: 'ns/a', podUID: U }],
    ['slices ≤ 1.25', '"M" pods=[default/nginx kube-system/x] n=1', { pods: '[default/nginx kube-system/x]', n: '1' }],
    ['slices 1.26', '"M" pods="[default/nginx kube-system/x]"', { pods: '[default/nginx kube-system/x]' }],
    ['slices ≥ 1.27', '"M" pods=["default/nginx","kube-system/x"]', { pods: '["default/nginx","kube-system/x"]' }],
    [
      'structs ≤ 1.26',
      `"M" event=&{ID:${U} Type:ContainerDied Data:${C}} x=1`,
      { event: `&{ID:${U} Type:ContainerDied Data:${C}}`, x: '1' },
    ],
    ['structs later', `"M" event={"ID":"a}b","Type":"ContainerDied"} x=1`, { event: '{"ID":"a}b","Type":"ContainerDied"}', x: '1' }],
    ['both forms of an id', `"M" containerID={Type:containerd ID:${C}}`, { containerID: `{Type:containerd ID:${C}}` }],
    [
      'nested escapes',
      String.raw`"M" err="failed to \"StartContainer\" for \"c\" with CrashLoopBackOff: \"back-off 40s restarting failed container=c pod=a_ns(uid)\"" pod="ns/a"`,
      {
        err: 'failed to "StartContainer" for "c" with CrashLoopBackOff: "back-off 40s restarting failed container=c pod=a_ns(uid)"',
        pod: 'ns/a',
      },
    ],
    ['multi-line values', '"M" output=<\n\tline 1\n\tline 2\n > probe="x"', { output: 'line 1\nline 2', probe: 'x' }],
    ['cut short', '"M" pod="ns/a" err="rpc error: code', { pod: 'ns/a', err: 'rpc error: code' }],
    ['no keys', '"M"', {}],
  ])('%s', (_, text, values) => {
    expect(scanStructured(text)).toEqual({ message: 'M', values })
  })
  it('is not for printf text', () => {
    expect(scanStructured('eviction manager: attempting to reclaim memory')).toBeNull()
  })
  it('never throws and always ends, whatever it is given', () => {
    const piece = fc.constantFrom('"', '\\', '{', '}', '[', ']', '=', ' ', 'a', '&{', '<\n', '\n >', 'k="v"', '\\u12')
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void scanStructured(`"M" ${pieces.join('')}`)))
  })
  it('reads back what it prints', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u2028'))
    fc.assert(
      fc.property(value, value, (a, b) => {
        const text = `"M" one=${JSON.stringify(a)} two=${JSON.stringify(b)}`
        expect(scanStructured(text)?.values).toEqual({ one: a, two: b })
      }),
    )
  })
})

describe('values that Go prints', () => {
  it('unescapes', () => {
    expect(scanStructured(String.raw`"M" v="a\"b\\n\n\x1b\u00e9\U0001f600"`)?.values).toEqual({ v: 'a"b\\n\n\x1bé😀' })
  })
  it.each([
    ['[default/nginx kube-system/x]', ['default/nginx', 'kube-system/x']],
    ['["default/nginx","kube-system/x"]', ['default/nginx', 'kube-system/x']],
    ['[{"name":"nginx","namespace":"default"},{"name":"n1"}]', ['default/nginx', 'n1']],
    ['a_ns(uid), b_ns(uid)', ['a_ns(uid)', 'b_ns(uid)']],
    ['[]', []],
  ])('list %s', (text, items) => {
    expect(listItems(text)).toEqual(items)
  })
  it.each([
    ['&{ID:a Type:b Data:c}', 'Data', 'c'],
    ['{"ID":"a","Type":"b"}', 'Type', 'b'],
    ['&pleg.PodLifecycleEvent{ID:"a", Type:"b", Data:"c"}', 'ID', 'a'],
    ['{PodID:x ID:y}', 'ID', 'y'],
    ['{ID:y}', 'Data', null],
  ])('member of %s', (text, name, value) => {
    expect(member(text, name)).toBe(value)
  })
  it.each([
    ['web-0_shop(2f1c)', { namespace: 'shop', pod: 'web-0', podUid: '2f1c' }],
    ['shop/web-0', { namespace: 'shop', pod: 'web-0', podUid: null }],
    ['{"name":"web-0","namespace":"shop"}', { namespace: 'shop', pod: 'web-0', podUid: null }],
    ['web-0', { namespace: null, pod: 'web-0', podUid: null }],
    ['', { namespace: null, pod: null, podUid: null }],
  ])('pod %s', (text, names) => {
    expect(podNames(text)).toEqual(names)
  })
  it.each([`containerd://${C}`, `{Type:containerd ID:${C}}`, `{"Type":"docker","ID":"${C}"}`, `{"docker" "${C}"}`, C])('id %s', (text) => {
    expect(containerId(text)).toBe(C)
  })
})
