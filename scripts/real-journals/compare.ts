// Reads journals that make.sh wrote with ours and compares entry by entry with journalctl's JSON beside them: npx tsx scripts/real-journals/compare.ts OUT
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { entriesOf, readAsJson } from '../../test/input/journal/json-oracle.ts'

const folder = process.argv[2] ?? '.'
let [entries, wrong] = [0, 0]
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!/\.journal~?$/.test(name)) continue
  const ours = await readAsJson(readFileSync(join(folder, name)))
  const oracle = entriesOf(readFileSync(join(folder, name.replace(/\.journal$/, '').concat('.json')), 'utf8'))
  const isCut = name.startsWith('cut-')
  const differ = ours.flatMap((entry, i) => (isDeepStrictEqual(entry, oracle[i]) ? [] : [i]))
  if (!isCut && ours.length !== oracle.length) differ.push(Math.min(ours.length, oracle.length))
  entries += ours.length
  wrong += differ.length
  console.log(
    `${name}: ${ours.length} of ${oracle.length} entries, ${differ.length} differ${differ.length > 0 ? ` (first ${differ[0]})` : ''}`,
  )
  if (differ.length > 0) console.log(JSON.stringify(ours[differ[0] as number]), '\n', JSON.stringify(oracle[differ[0] as number]))
}
console.log(`${entries} entries, ${wrong} differ`)
process.exitCode = wrong > 0 ? 1 : 0
