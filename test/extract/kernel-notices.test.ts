import { describe, expect, it } from 'vitest'
import { lossShapes, noticeShapes } from '../../src/extract/kernel-notice-shapes.ts'
import { kernelNotices } from '../../src/extract/kernel-notices.ts'
import type { Event } from '../../src/model/event.ts'
import { eventsOf, record } from './records.ts'

const read = (message: string): Event[] => eventsOf(kernelNotices, [record(message, { writer: 'unknown' })])

describe('kernelNotices', () => {
  it.each([...noticeShapes, ...lossShapes].map((s) => [s.example, s] as const))('%s', (example, shape) => {
    expect(example).toContain(shape.literal)
    expect(read(example)).toHaveLength(1)
  })

  it.each([
    ['java: page allocation failure. order:2, mode:0x20', { notice: 'page-allocation-failure', comm: 'java', order: 2, subject: '0x20' }],
    ['a b: page allocation failure: order:0[  624.646725] a.out: ', { notice: 'page-allocation-failure', comm: 'a b', order: 0 }],
    [
      'SLUB: Unable to allocate memory on CPU 3 (of node 0) on node -1, gfp=0xcc0(GFP_KERNEL)',
      { notice: 'slub-failure', subject: 'node -1' },
    ],
    [
      '__vm_enough_memory: pid: 77, comm: a, b, no enough memory for the allocation',
      { notice: 'vm-enough-memory', pid: 77, comm: 'a, b', bytes: null },
    ],
    [
      '__vm_enough_memory: pid: 77, comm: x, bytes: 5285790347661783040 not enough memory for the allocation',
      { notice: 'vm-enough-memory', bytes: null },
    ],
    ['vmalloc: allocation failure, allocated 4096 of 8192 bytes', { notice: 'vmalloc-failure', bytes: 8192 }],
    ['Linux version 6.1.0-50-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12)', { kind: 'boot', release: '6.1.0-50-cloud-amd64' }],
    [
      'pagefault_out_of_memory: 244 callbacks suppressed',
      { kind: 'loss', what: 'callbacks-suppressed', count: 244, subject: 'pagefault_out_of_memory' },
    ],
  ])('%s', (message, expected) => {
    expect(read(message)).toMatchObject([expected])
  })

  it('reads no kernel notice in what a program says', () => {
    const text = 'java: page allocation failure: order:0, mode:0x20'
    expect(eventsOf(kernelNotices, [record(text, { writer: 'unknown', identifier: 'myapp' })])).toEqual([])
    expect(eventsOf(kernelNotices, [record(text, { writer: 'userspace' })])).toEqual([])
  })
})
