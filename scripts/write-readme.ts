import { readFileSync, writeFileSync } from 'node:fs'
import { outputs } from '../src/render/outputs.ts'

// Writes into README.md what the code knows. Run with: npm run readme

const file = new URL('../README.md', import.meta.url)

/** The table of outputs, as the list has them; the first is what `analyze` prints. */
export function withOutputs(readme: string): string {
  const rows = outputs.map(({ id, about, endings }, i) => {
    const ending = endings.map((one) => `\`${one}\``).join(' ')
    return `| \`${id}\`${i === 0 ? ' (default)' : ''} | ${about} | ${ending} |`
  })
  const table = ['| format | is | endings for `-o` |', '| --- | --- | --- |', ...rows].join('\n')
  return readme.replace(/\| format \|[\s\S]*?\n\n/, `${table}\n\n`)
}

if (process.argv[1]?.endsWith('write-readme.ts')) writeFileSync(file, withOutputs(readFileSync(file, 'utf8')))
