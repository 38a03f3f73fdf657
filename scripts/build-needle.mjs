// Assembles src/scan/search/needle.wat into src/scan/search/needle.wasm.ts. Run it after a change to the .wat; a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'

const source = fileURLToPath(new URL('../src/scan/search/needle.wat', import.meta.url))
const target = fileURLToPath(new URL('../src/scan/search/needle.wasm.ts', import.meta.url))

/** The module's bytes in base64. */
export async function assembleNeedle() {
  const wabt = await loadWabt()
  const module = wabt.parseWat('needle.wat', readFileSync(source, 'utf8'), { simd: true })
  module.validate()
  const { buffer } = module.toBinary({})
  module.destroy()
  return Buffer.from(buffer).toString('base64')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = await assembleNeedle()
  const lines = base64.match(/.{1,120}/g).map((line) => `  '${line}',`)
  writeFileSync(
    target,
    `/** Written by scripts/build-needle.mjs from needle.wat; do not edit. */\nexport const needleWasm = [\n${lines.join('\n')}\n].join('')\n`,
  )
}
