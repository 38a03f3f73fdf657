import type { WebOptions } from '../analyze.ts'
import type { GivenInput } from '../open.ts'
import { chosen, dropped, textInput, withOwnNames } from './collect.ts'
import { button, byId, made } from './elements.ts'
import { hideResult, showResult } from './result.ts'
import { openSession, type Session } from './session.ts'

/** Put in by the build: a few samples, for who has no log at hand. */
declare const EXAMPLES: readonly { readonly title: string; readonly name: string; readonly text: string }[]

const code = byId('worker', HTMLScriptElement).textContent ?? ''
const [files, folder] = [byId('files', HTMLInputElement), byId('folder', HTMLInputElement)]
const [paste, pasteText] = [byId('paste', HTMLFormElement), byId('paste-text', HTMLTextAreaElement)]
const [timezone, year, redact] = [byId('timezone', HTMLInputElement), byId('year', HTMLInputElement), byId('redact', HTMLInputElement)]
const [working, message] = [byId('working', HTMLElement), byId('message', HTMLElement)]
const [progress, progressText] = [byId('progress', HTMLProgressElement), byId('progress-text', HTMLElement)]
const drop = byId('drop', HTMLElement)

let inputs: readonly GivenInput[] = []
let session: Session | null = null
let pastes = 0

/** Reads all that was given, from the beginning: what is added may tell what the rest means. The result has the focus where something was given (`isNew`). */
function analyze(isNew = true): void {
  session?.end()
  session = null
  hideResult()
  say(null)
  for (const id of ['timezone-error', 'year-error']) byId(id, HTMLElement).textContent = ''
  showInputs()
  const options = optionsOf()
  working.hidden = inputs.length === 0 || options === null
  document.documentElement.removeAttribute('data-state')
  if (inputs.length === 0 || options === null) return
  document.documentElement.dataset['state'] = 'working'
  showProgress('', null)
  const own = openSession(code, withOwnNames(inputs), options, {
    progress: showProgress,
    done(result) {
      ended('done')
      showResult(result, own)
      if (result.isNothing)
        say(`Nothing could be read. ${result.unread.join(' ') || 'What was given is empty, or no log and no archive of logs.'}`)
      // Whoever changes an option goes on to the next one.
      if (isNew) byId('result-h', HTMLElement).focus({ preventScroll: inputs.length > 1 })
    },
    refused(option, text) {
      ended('refused')
      byId('options', HTMLDetailsElement).open = true
      byId(`${option}-error`, HTMLElement).textContent = text
    },
    failed(text) {
      ended('failed')
      say(`This is a bug of ours: ${text}. The command line may get further; please tell us.`)
    },
  })
  session = own
}

function ended(state: string): void {
  working.hidden = true
  document.documentElement.dataset['state'] = state
}

function optionsOf(): WebOptions | null {
  const text = year.value.trim()
  return {
    timezone: timezone.value.trim() === '' ? null : timezone.value.trim(),
    year: text === '' ? null : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN,
    redact: redact.checked,
  }
}

function showProgress(name: string, share: number | null): void {
  progressText.textContent = name === '' ? 'Reading …' : `Reading ${name} …`
  if (share === null) progress.removeAttribute('value')
  else progress.value = share
}

function say(text: string | null): void {
  message.hidden = text === null
  message.textContent = text
}

function add(more: readonly GivenInput[]): void {
  if (more.length === 0) return
  inputs = [...inputs, ...more]
  analyze()
}

function showInputs(): void {
  const list = byId('inputs', HTMLElement)
  const named = withOwnNames(inputs)
  const rows = inputs.map((input, at) => {
    const remove = button('Remove', () => {
      inputs = inputs.filter((one) => one !== input)
      analyze()
    })
    const name = named[at]?.name ?? input.name
    remove.setAttribute('aria-label', `Remove ${name}`)
    remove.className = 'link'
    return made('li', [made('code', name), made('span', sizeText(input), 'size'), remove])
  })
  const none = (): void => {
    inputs = []
    analyze()
  }
  list.replaceChildren(...rows, ...(rows.length > 1 ? [made('li', [button('Remove all', none, 'link')])] : []))
  list.hidden = rows.length === 0
}

function sizeText(input: GivenInput): string {
  const all = input.kind === 'file' ? [input.file] : input.files
  const bytes = all.reduce((n, { blob }) => n + blob.size, 0)
  const size = bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
  return input.kind === 'file' ? size : `${all.length} files, ${size}`
}

function addPasted(text: string): void {
  if (text.trim() === '') return
  pastes += 1
  add([textInput(text, `pasted-${pastes}.txt`)])
}

byId('choose-files', HTMLButtonElement).addEventListener('click', () => files.click())
byId('choose-folder', HTMLButtonElement).addEventListener('click', () => folder.click())
for (const field of [files, folder])
  field.addEventListener('change', () => {
    add(chosen(field.files ?? []))
    field.value = ''
  })

const openPaste = byId('open-paste', HTMLButtonElement)
openPaste.addEventListener('click', () => {
  paste.hidden = !paste.hidden
  openPaste.setAttribute('aria-expanded', String(!paste.hidden))
  if (!paste.hidden) pasteText.focus()
})
paste.addEventListener('submit', (event) => {
  event.preventDefault()
  addPasted(pasteText.value)
  pasteText.value = ''
})
document.addEventListener('paste', (event) => {
  const into = event.target
  if (event.clipboardData === null || into instanceof HTMLTextAreaElement || into instanceof HTMLInputElement) return
  event.preventDefault()
  if (event.clipboardData.files.length > 0) void dropped(event.clipboardData).then(add)
  else addPasted(event.clipboardData.getData('text/plain'))
})

// Anywhere on the page: a file that misses the field would otherwise be opened in its place.
document.addEventListener('dragover', (event) => {
  event.preventDefault()
  drop.classList.add('over')
})
document.addEventListener('dragleave', () => drop.classList.remove('over'))
document.addEventListener('drop', (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  if (event.dataTransfer === null) return
  const text = event.dataTransfer.files.length === 0 ? event.dataTransfer.getData('text/plain') : ''
  if (text !== '') addPasted(text)
  else
    void dropped(event.dataTransfer).then(add, (error: unknown) =>
      say(`What was dropped cannot be opened (${error instanceof Error ? error.message : String(error)}). “Choose a folder” may do.`),
    )
})

byId('cancel', HTMLButtonElement).addEventListener('click', () => {
  session?.end()
  session = null
  ended('cancelled')
  say('Cancelled. What was given stands above: change it, or remove it.')
})
for (const field of [timezone, year, redact]) field.addEventListener('change', () => analyze(false))
byId('examples', HTMLElement).append(
  ...EXAMPLES.map(({ title, name, text }) =>
    button(title, () => {
      inputs = [textInput(text, name)]
      analyze()
    }),
  ),
)
