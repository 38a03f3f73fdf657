import { describe, expect, it } from 'vitest'
import { outputs, renderReport } from '../../src/render/index.ts'
import { redact } from '../../src/report/redact.ts'
import { reportOf } from '../report-of.ts'
import { bundleOf, names } from './named-bundle.ts'

/** The same case with two sets of names that share nothing: what is left of it says nothing of whose it is. */
describe('two bundles that differ in names only', async () => {
  const [first, second] = await Promise.all(names.map(async (set) => redact(await reportOf(bundleOf(set)))))
  if (first === undefined || second === undefined) throw new Error('two sets of names')

  it('hold incidents of several kinds', () => {
    expect(first.incidents.length).toBeGreaterThanOrEqual(3)
  })

  it.each(outputs.map(({ id }) => id))('are the same when redacted, in %s', async (id) => {
    expect(await renderReport(second, id)).toBe(await renderReport(first, id))
  })

  it.each(names.flatMap((set, at) => Object.entries(set).map(([what, name]) => [at, what, name] as const)))(
    'set %i holds no %s: %s',
    async (at, _, name) => {
      const text = await renderReport(at === 0 ? first : second, 'json')
      if (name.length > 2) expect(text.toLowerCase()).not.toContain(name.toLowerCase())
    },
  )
})
