// Prints, as JSON, a hash of every output of the built library for every sample: what another version of Node.js must print as well.
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { analyze, outputs, render } from '../dist/lib/index.js'

const files = readdirSync('samples', { recursive: true, encoding: 'utf8' })
  .map((name) => `samples/${name}`)
  .filter((path) => statSync(path).isFile())
  .sort()
const digests = {}
for (const path of files) {
  const analysis = await analyze([path])
  for (const { id } of outputs)
    digests[`${path} as ${id}`] = createHash('sha256')
      .update(await render(analysis, id))
      .digest('hex')
}
process.stdout.write(JSON.stringify(digests))
