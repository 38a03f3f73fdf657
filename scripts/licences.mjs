// The licences of what is bundled.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The packages of which something is in these chunks of a bundle, each with its licence's text. */
function packagesOf(chunks) {
  const names = new Set(
    chunks
      .flatMap((c) => c.moduleIds ?? [])
      .map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
      .filter(Boolean),
  )
  return [...names].sort().map((name) => {
    const dir = path.join('node_modules', name)
    const { version, license } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8'))
    const file = readdirSync(dir).find((f) => /^licen[cs]e/i.test(f))
    const text =
      file !== undefined && existsSync(path.join(dir, file)) ? readFileSync(path.join(dir, file), 'utf8').trim() : `Licence: ${license}`
    return { title: `${name} ${version}`, text }
  })
}

export const licencesOf = (chunks) =>
  packagesOf(chunks)
    .map(({ title, text }) => `${title}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`)

/** The same with each text once: packages and their copyright lines, then what they share. */
export function shortLicencesOf(chunks) {
  const shared = new Map()
  for (const { title, text } of packagesOf(chunks)) {
    const lines = text.replace(/\r/g, '').split('\n')
    const isOwn = (line) => /^\s*copyright\b|^\s*\(c\)/i.test(line)
    const rest = lines
      .filter((line) => !isOwn(line))
      .join('\n')
      .replace(/[ \t]*\n[ \t]*/g, '\n')
      .replace(/([^\n])\n(?=[^\n])/g, '$1 ')
      .replace(/\n{2,}/g, '\n\n')
      .trim()
    const own = [title, ...lines.filter(isOwn).map((line) => line.trim())].join('; ')
    shared.set(rest, [...(shared.get(rest) ?? []), own])
  }
  return [...shared].map(([text, owners]) => `${owners.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(40)}\n\n`)
}
