import { builtinModules } from 'node:module'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'

/** The pure part, as a page would load it: evidence → report → JSON, with every format, extractor and document reader. */
const core = ['src/analyze.ts', 'src/extract/index.ts', 'src/extract/documents/index.ts', 'src/formats/index.ts', 'src/render/json.ts']

it('the core asks for nothing of Node.js', async () => {
  const asked: string[] = []
  const bundle = await rolldown({
    input: Object.fromEntries(core.map((file, n) => [`core-${n}`, file])),
    platform: 'browser',
    external: (id) => {
      const isNode = id.startsWith('node:') || builtinModules.includes(id)
      if (isNode) asked.push(id)
      return isNode
    },
    onLog: () => {},
  })
  const { output } = await bundle.generate({ format: 'esm' })
  expect(asked).toEqual([])
  const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
  expect(code).not.toMatch(/\b(?:Buffer\.|process\.(?:env|std|cwd|platform))/)
})
