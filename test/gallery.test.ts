import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { galleryPage, pieces, sampleOf } from '../scripts/write-gallery.ts'
import { analyze, render } from '../src/index.ts'

const headings = (markdown: string): string[] => markdown.match(/^#+ .*$|^\*\*[^*]+\*\*/gm) ?? []
const verdicts: Record<string, string> = {}

it.each(pieces)('the gallery shows $name as it is today (npm run gallery)', async (piece) => {
  const analysis = await analyze([sampleOf(piece)])
  verdicts[piece.name] = `${analysis.report.incidents[0]?.verdict}.`
  expect(headings(readFileSync(`docs/gallery/${piece.name}.md`, 'utf8'))).toEqual(headings(await render(analysis, 'md')))
  for (const look of ['', ...(piece.also ?? []).map((one) => `-${one}`)])
    expect(existsSync(`docs/gallery/${piece.name}${look}.png`)).toBe(true)
})

it('its page lists them with their verdicts', () => {
  expect(readFileSync('docs/gallery/README.md', 'utf8')).toBe(galleryPage(verdicts))
})
