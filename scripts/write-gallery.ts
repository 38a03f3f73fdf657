import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { foldFleet } from '../src/batch/fleet.ts'
import { fleetPages } from '../src/batch/fleet-pages.ts'
import { analyze, render } from '../src/index.ts'
import { loadTools } from '../src/render/tools.ts'
import { sampleResults } from '../test/batch/sample-fleet.ts'
import { outlineOf } from '../test/outline.ts'

// Writes docs/gallery: what eight kinds of incidents and a fleet look like, wide, on a phone, in the dark and on paper, and each as Markdown. Run with: npm run gallery

interface Piece {
  readonly name: string
  readonly title: string
  /** A sample, or several that are one story. */
  readonly sample: string
}

export const pieces: readonly Piece[] = [
  { name: 'container-limit', title: 'A container reached its limit', sample: 'bundles/container-limit-every-source' },
  { name: 'repeated', title: 'Killed again and again, unseen by Kubernetes', sample: 'bundles/child-killed-pod-lives-on' },
  { name: 'growth', title: 'Memory grew up to the limit', sample: 'bundles/leak-with-curve' },
  { name: 'shared-memory', title: 'A memory-backed volume filled the limit', sample: 'dmesg-iso/container-limit.txt' },
  { name: 'node', title: 'The whole machine ran out', sample: 'kernel/6.1-global.txt' },
  { name: 'zone', title: 'One NUMA node ran dry', sample: 'kernel/7.2-two-nodes.txt' },
  { name: 'eviction', title: 'The kubelet evicted a pod', sample: 'kubelet/1.31-eviction.log' },
  { name: 'group', title: 'A group was killed together', sample: 'kernel/6.1-memcg-group.txt' },
]

export const looks = {
  wide: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', words: '' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', words: 'on a phone' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', words: 'in the dark' },
  // A4 at 96 dots an inch
  print: { viewport: { width: 794, height: 1123 }, colorScheme: 'light', words: 'on paper' },
} as const
type Look = keyof typeof looks

const root = new URL('../', import.meta.url)
export const sampleOf = ({ sample }: Piece): string => new URL(`samples/${sample}`, root).pathname
export const fileName = (name: string, look: Look): string => (look === 'wide' ? `${name}.webp` : `${name}-${look}.webp`)

/** A fleet of so many incidents, the same each time. */
export async function fleetPage(): Promise<string> {
  const { engine } = await loadTools({}, true)
  const { fleet } = foldFleet(sampleResults(60), [{ name: 'bundles/cut.tar.gz', reason: 'the gzip data ends early' }], {
    version: '',
    baseline: null,
  })
  const index = [...fleetPages(fleet, engine)].find(({ name }) => name === 'index.html')
  return [...(index?.text ?? [])].join('')
}

/** The page that lists them. */
export const galleryPage = (verdicts: Readonly<Record<string, string>>): string =>
  [
    '# Gallery',
    '',
    '<!-- Made by scripts/write-gallery.ts (npm run gallery): change it there. -->',
    'Eight incidents from [samples/](../../samples) and a fleet, each as a page (the first screen) and as Markdown, as it goes into an issue.',
    ...pieces.flatMap(({ name, title, sample }) => [
      '',
      `## ${title}`,
      '',
      `${verdicts[name] ?? ''} [As Markdown](${name}.md), from \`samples/${sample}\`.`,
      '',
      ...pictured(name, title),
    ]),
    '',
    '## A fleet',
    '',
    'Sixty made-up incidents of two weeks: `oom-report batch bundles/ -o fleet/` writes this page and those behind it.',
    '',
    ...pictured('fleet', 'A fleet'),
    '',
  ].join('\n')

function pictured(name: string, title: string): string[] {
  const others = (['phone', 'dark', 'print'] as const).map((look) => `[${looks[look].words}](${fileName(name, look)})`)
  return [`![${title}: the page](${fileName(name, 'wide')})`, '', `The same ${others.join(', ')}.`]
}

async function writeGallery(): Promise<void> {
  const folder = new URL('docs/gallery/', root)
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) rmSync(new URL(file, folder))
  const browser = await chromium.launch({
    ...browserAt(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-lcd-text'],
  })
  const verdicts: Record<string, string> = {}
  const outlines: Record<string, readonly string[]> = {}
  const show = async (name: string, html: string): Promise<void> => {
    outlines[name] = outlineOf(html)
    for (const look of Object.keys(looks) as Look[])
      writeFileSync(new URL(fileName(name, look), folder), await picture(browser, html, look))
  }
  for (const piece of pieces) {
    const analysis = await analyze([sampleOf(piece)])
    verdicts[piece.name] = `${analysis.report.incidents[0]?.verdict ?? ''}.`
    writeFileSync(new URL(`${piece.name}.md`, folder), await render(analysis, 'md'))
    await show(piece.name, await render(analysis, 'html'))
  }
  await show('fleet', await fleetPage())
  await browser.close()
  writeFileSync(new URL('outlines.json', folder), `${JSON.stringify(outlines, null, 1)}\n`)
  writeFileSync(new URL('README.md', folder), galleryPage(verdicts))
}

function browserAt(): { executablePath?: string } {
  const known = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser']
  const executablePath = known.find((path) => path !== undefined && existsSync(path))
  return executablePath === undefined ? {} : { executablePath }
}

/** WebP takes a third of a PNG; text stays readable. */
async function picture(browser: Browser, html: string, look: Look): Promise<Buffer> {
  const { viewport, colorScheme } = looks[look]
  const page = await browser.newPage({ viewport, colorScheme })
  if (look === 'print') await page.emulateMedia({ media: 'print' })
  await page.setContent(html)
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 50 })
  await page.close()
  return Buffer.from(data, 'base64')
}

if (process.argv[1]?.endsWith('write-gallery.ts')) await writeGallery()
