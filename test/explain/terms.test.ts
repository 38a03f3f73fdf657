import { describe, expect, it } from 'vitest'
import { answersOf, explainTerm, nearTerms, termNames } from '../../src/explain/terms.ts'

describe('explainTerm', () => {
  it.each([
    ['gfp_mask', 'gfp_mask'],
    ['GFP_MASK', 'gfp_mask'],
    ['oom score adj', 'oom_score_adj'],
    ['oomScoreAdj', 'oom_score_adj'],
    ['pod-limit', 'pod limit'],
    ['pod limit', 'pod limit'],
    ['process-outgrew-limit', 'a process outgrew its memory'],
    ['137', 'exit code 137'],
    ['tmpfs', 'shared memory, tmpfs'],
  ])('explains %s', (name, title) => expect(explainTerm(name)?.title).toBe(title))

  it.each(['', 'constructor', '__proto__', 'unknown', 'flux'])('does not know %j', (name) => expect(explainTerm(name)).toBeNull())

  it('offers what is near', () => {
    expect(nearTerms('oom_scor_adj')).toContain('oom_score_adj')
    expect(nearTerms('watermraks')).toContain('watermarks')
    expect(nearTerms('zzzzzzzzzzzz')).toEqual([])
  })

  it('explains each of its own names, in whole sentences', () => {
    for (const name of termNames()) {
      const found = explainTerm(name)
      expect(found, name).not.toBeNull()
      expect(found?.short, name).toMatch(/^.{12,240}[.]$/)
      expect(found?.long, name).toMatch(/[.)]$/)
    }
    expect(Object.keys(answersOf)).toHaveLength(6)
  })
})
