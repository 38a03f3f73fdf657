import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../src/formats/fronts/front-parts.ts'
import { isNoFront, isPlainFront } from '../../../src/formats/fronts/plain-front.ts'

describe('what may stand before a kernel’s text', () => {
  it.each(
    '# |// |/* |<!-- | * |  * |; |% |+x|-x|-- |REM |rem |dnl |"""|\'\'\'|Memory cgroup out of memory: |cgroup out of memory: |Out of memory: |in cpuset: |No available memory (MPOL_BIND): |Out of memory (oom_kill_allocating_task): '.split(
      '|',
    ),
  )('%j never: a comment, a patch, or the begin of the text itself', (front) => {
    expect(isNoFront(front)).toBe(true)
    expect(isNoFront('emory: ')).toBe(true)
  })

  it.each(['#118 ', '- ', '+ ', '* ', 'node7: ', '1. ', 'remote: ', ': '])('%j may', (front) => {
    expect(isNoFront(front)).toBe(false)
  })

  it.each([
    '- ',
    '7 ',
    '7: ',
    'node7 ',
    'name: ',
    'name, ',
    '[name] ',
    'name said: ',
    '07:04 one two ',
    '[07:04] anna ',
    '2026-11-24 ',
    'user.warn x ',
    'WARN x ',
    '"07:04","',
    '"a","b","',
    '"a";"b";"',
    '"a"\t"b"\t"',
    '"a"|"b"|"',
  ])('one line tells %j', (front) => {
    expect(isPlainFront(partsOf(front))).toBe(true)
  })

  it.each([
    'see ',
    'we saw ',
    'one two three: ',
    'one two three 7 ',
    'a b 7 ',
    '07:04 one two three ',
    'WARN one two three ',
    '"a","',
    '"a","x=","',
    "it's '",
    'echo: ',
    'printf: ',
    'print: ',
    'grep: ',
    'assertEqual: ',
    'return: ',
    'const: ',
    'let: ',
    'var: ',
    'logger: ',
    'x7 = ',
    'f7(',
    '{x7 ',
    '$x7 ',
    'x7\\',
  ])('%j must stand before more lines: prose or code', (front) => {
    expect(isPlainFront(partsOf(front))).toBe(false)
  })
})
