import type { Result } from '../protocol.ts'
import { button, byId, made } from './elements.ts'
import type { Session } from './session.ts'
import { trusted } from './trusted.ts'

const section = byId('result', HTMLElement)
const frame = byId('report', HTMLIFrameElement)

/** Outputs that a ticket takes, by their ids and endings. */
const downloads = [
  { format: 'html', name: 'HTML', file: 'oom-report.html', type: 'text/html' },
  { format: 'md', name: 'Markdown', file: 'oom-report.md', type: 'text/markdown' },
  { format: 'json', name: 'JSON', file: 'oom-report.json', type: 'application/json' },
  { format: 'ticket', name: 'ticket text', file: 'oom-report.txt', type: 'text/plain' },
] as const

/** `fails` is told of an output that could not be made. */
export function showResult(result: Result, session: Session, fails: (text: string) => void): void {
  const text = (format: string): Promise<string> => (format === 'html' ? Promise.resolve(result.html) : session.write(format))
  byId('downloads', HTMLElement).replaceChildren(
    ...downloads.map(({ format, name, file, type }) =>
      button(`Download ${name}`, () => {
        text(format).then(
          (t) => save(t, file, type),
          (error: Error) => fails(`The ${name} could not be made (${error.message}), a bug of ours. The other formats may do.`),
        )
      }),
    ),
    ...downloads
      .filter(({ format }) => format === 'md' || format === 'ticket')
      .map(({ format, name }) => copyButton(name, () => text(format))),
  )
  showList(
    'unread',
    result.unread.map((line) => made('li', line)),
  )
  showIncidents(result)
  showReplaced(result)
  frame.srcdoc = trusted.createHTML(result.html)
  section.hidden = false
}

export function hideResult(): void {
  section.hidden = true
  frame.removeAttribute('srcdoc')
}

function showList(id: string, items: readonly HTMLElement[]): void {
  const list = byId(id, HTMLElement)
  list.replaceChildren(...items)
  list.hidden = items.length === 0
}

/** Several incidents: a list whose entries lead into the report. */
function showIncidents({ incidents }: Result): void {
  const nav = byId('incidents', HTMLElement)
  nav.hidden = incidents.length < 2
  nav
    .querySelector('ol')
    ?.replaceChildren(...incidents.map(({ id, verdict }) => made('li', [button(verdict, () => lead(articleOf(id)), 'link')])))
}

const articleOf = (id: string): HTMLElement | null =>
  frame.contentDocument?.querySelector<HTMLElement>(`article[id$="${CSS.escape(id)}"]`) ?? null

function showReplaced({ replaced }: Result): void {
  const details = byId('replaced', HTMLDetailsElement)
  details.hidden = replaced.length === 0
  const heading = details.querySelector('summary')
  if (heading !== null) heading.textContent = `${replaced.length} names were replaced`
  const rows = [...replaced].sort((a, b) => a.alias.localeCompare(b.alias, 'en', { numeric: true }))
  details
    .querySelector('tbody')
    ?.replaceChildren(...rows.map(({ name, alias }) => made('tr', [made('td', [made('code', alias)]), made('td', [made('code', name)])])))
}

function copyButton(name: string, text: () => Promise<string>): HTMLButtonElement {
  const label = `Copy ${name}`
  const element = button(label, () => {
    void text()
      .then(copy)
      .then(
        () => 'Copied',
        () => 'The browser does not allow it',
      )
      .then((said) => {
        element.textContent = said
        setTimeout(() => {
          element.textContent = label
        }, 2000)
      })
  })
  element.setAttribute('aria-live', 'polite')
  return element
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  // A page from plain http has no clipboard; the selection of a field it may copy.
  const field = made('textarea', text)
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  if (!copied) throw new Error('not allowed')
}

function save(text: string, file: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = made('a')
  link.href = url
  link.download = file
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The frame is as high as the report: one page to scroll, also on a phone. Folds that are opened make it higher. */
const observer = new ResizeObserver(() => {
  // None while the next report takes the place of the one before.
  const root = frame.contentDocument?.documentElement ?? null
  if (root !== null) frame.height = String(root.offsetHeight + 2)
})
frame.addEventListener('load', () => {
  observer.disconnect()
  const report = frame.contentDocument
  if (report === null) return
  observer.observe(report.documentElement)
  report.addEventListener('click', (event) => {
    const [link] = event.composedPath().filter((node) => (node as Element).localName === 'a')
    const place = (link as Element | undefined)?.getAttribute('href') ?? ''
    if (!place.startsWith('#')) return
    // A link within a frame without an address of its own would lead to this page instead.
    event.preventDefault()
    lead(report.getElementById(place.slice(1)))
  })
})

/** To a place in the report, also for who reads on by keyboard: out of the folds around it. */
function lead(place: HTMLElement | null): void {
  for (let fold = place?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true
  if (place === null) return
  if (!place.hasAttribute('tabindex')) place.tabIndex = -1
  place.focus({ preventScroll: true })
  place.scrollIntoView()
}
