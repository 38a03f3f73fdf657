import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { describe, expect, it } from 'vitest'
import { outputs, registerPrecompiled, renderReport, templateFiles, templateFolder } from '../../src/render/index.ts'
import { compileOptions } from '../../src/render/template-engine.ts'
import { nodeWide, nothingFound } from '../fixtures/reports.ts'

describe('precompiled templates', () => {
  it('write what the sources write, and leave users’ own templates working', async () => {
    const write = async (): Promise<string[]> =>
      Promise.all([nodeWide, nothingFound].flatMap((report) => outputs.map(({ id }) => renderReport(report, id))))
    const before = await write()
    const specs = templateFiles().map((file) => {
      const name = file.slice(0, -'.hbs'.length)
      const text = readFileSync(new URL(file, templateFolder()), 'utf8')
      return [name, new Function(`return ${Handlebars.precompile(text, compileOptions(name))}`)()] as const
    })
    registerPrecompiled(Object.fromEntries(specs))
    expect(await write()).toEqual(before)
    expect(await renderReport(nodeWide, 'md', { template: '{{generator}}' })).toBe('oom-report 0.1.0\n')
  })
})
