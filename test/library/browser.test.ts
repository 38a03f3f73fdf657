import { builtinModules } from 'node:module'
import { rolldown } from 'rolldown'
import { expect, it } from 'vitest'

/** All but what opens files: bytes → unpacked sources → evidence → report → every output. */
const core = ['src/pipeline.ts', 'src/render/render-report.ts']
/** Loaded only where no templates were built in. */
const edge = '/src/render/compiled-here.ts'

it('the core asks for nothing of Node.js', async () => {
  const asked: string[] = []
  const bundle = await rolldown({
    input: Object.fromEntries(core.map((file, n) => [`core-${n}`, file])),
    platform: 'browser',
    plugins: [{ name: 'edge', load: (id) => (id.endsWith(edge) ? 'export const compiledHere = null' : null) }],
    external: (id) => {
      // xz-decompress: the web's own streams, under Node's name.
      const isNode = id !== 'stream/web' && (id.startsWith('node:') || builtinModules.includes(id))
      if (isNode) asked.push(id)
      return isNode || id === 'stream/web'
    },
    onLog: () => {},
  })
  const { output } = await bundle.generate({ format: 'esm' })
  expect(asked).toEqual([])
  const code = output.map((part) => (part.type === 'chunk' ? part.code : '')).join('\n')
  expect(code).not.toMatch(/\b(?:Buffer\.|process\.(?:env|std|cwd|platform))/)
})
