import type { WebOptions } from '../analyze.ts'
import type { GivenInput } from '../open.ts'
import { withOwnNames } from '../own-names.ts'
import { chosen, dropped, textInput } from './collect.ts'
import { button, byId } from './elements.ts'
import { showInputs } from './inputs.ts'
import { hideResult, showResult } from './result.ts'
import { openSession, type Session } from './session.ts'
import { unpacked } from './unpacked.ts'

/** Put in by the build: a few samples, for who has no log at hand. */
declare const EXAMPLES: readonly { readonly title: string; readonly name: string; readonly text: string }[]

const code = unpacked(byId('worker', HTMLScriptElement).textContent)
code.catch(() => say('This browser is too old for this page: it takes Chrome 110, Firefox 115 or Safari 16.4.'))
const [files, folder] = [byId('files', HTMLInputElement), byId('folder', HTMLInputElement)]
const [paste, pasteText] = [byId('paste', HTMLFormElement), byId('paste-text', HTMLTextAreaElement)]
const [timezone, year, redact] = [byId('timezone', HTMLInputElement), byId('year', HTMLInputElement), byId('redact', HTMLInputElement)]
const [working, message] = [byId('working', HTMLElement), byId('message', HTMLElement)]
const [progress, progressText] = [byId('progress', HTMLProgressElement), byId('progress-text', HTMLElement)]
const [drop, again] = [byId('drop', HTMLElement), byId('again', HTMLButtonElement)]

let inputs: readonly GivenInput[] = []
let session: Session | null = null
let pastes = 0

/** Reads all that was given, from the beginning: what is added may tell what the rest means. The result has the focus where something was given (`isNew`). */
function analyze(isNew = true): void {
  session?.end()
  session = null
  hideResult()
  say(null)
  again.hidden = true
  for (const id of ['timezone-error', 'year-error', 'paste-error']) byId(id, HTMLElement).textContent = ''
  working.hidden = inputs.length === 0
  document.documentElement.removeAttribute('data-state')
  if (inputs.length === 0) return
  document.documentElement.dataset['state'] = 'working'
  showProgress('Reading …', null)
  const own = openSession(code, withOwnNames(inputs), optionsOf(), {
    progress: (name, share) => showProgress(name === '' ? 'Reading …' : `Reading ${name} …`, share),
    read: () => showProgress('All is read: putting it together …', null),
    done(result) {
      ended('done')
      showResult(result, own, say)
      if (result.broken !== null) say(result.broken)
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
      again.hidden = false
    },
  })
  session = own
}

function ended(state: string): void {
  working.hidden = true
  document.documentElement.dataset['state'] = state
}

/** As they were typed: what the command line refuses is refused here. */
const optionsOf = (): WebOptions => ({ timezone: timezone.value || null, year: year.value || null, redact: redact.checked })

function showProgress(text: string, share: number | null): void {
  progressText.textContent = text
  if (share === null) progress.removeAttribute('value')
  else progress.value = share
}

function say(text: string | null): void {
  message.hidden = text === null
  message.textContent = text
}

function read(all: readonly GivenInput[]): void {
  inputs = all
  showInputs(inputs, read)
  analyze()
}

function add(more: readonly GivenInput[]): void {
  if (more.length > 0) read([...inputs, ...more])
  else say('Nothing was given: no file and no text.')
}

const pasted = (text: string): GivenInput => {
  pastes += 1
  return textInput(text, `pasted-${pastes}.txt`)
}
const isText = (text: string): boolean => text.trim() !== ''

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
  if (!isText(pasteText.value)) {
    byId('paste-error', HTMLElement).textContent = 'There is no text in it: paste a log first.'
    pasteText.focus()
    return
  }
  const text = pasteText.value
  pasteText.value = ''
  add([pasted(text)])
})
document.addEventListener('paste', (event) => {
  const into = event.target
  if (event.clipboardData === null || into instanceof HTMLTextAreaElement || into instanceof HTMLInputElement) return
  event.preventDefault()
  takeIn(event.clipboardData)
})

/** Files, else text. */
function takeIn(transfer: DataTransfer): void {
  const text = transfer.files.length === 0 ? transfer.getData('text/plain') : ''
  if (isText(text)) add([pasted(text)])
  else
    void dropped(transfer).then(add, (error: unknown) =>
      say(`What was given cannot be opened (${error instanceof Error ? error.message : String(error)}). “Choose a folder” may do.`),
    )
}

// Anywhere on the page: a file that misses the field would otherwise be opened in its place.
document.addEventListener('dragover', (event) => {
  event.preventDefault()
  drop.classList.add('over')
})
document.addEventListener('dragleave', () => drop.classList.remove('over'))
document.addEventListener('drop', (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  if (event.dataTransfer !== null) takeIn(event.dataTransfer)
})

byId('cancel', HTMLButtonElement).addEventListener('click', () => {
  session?.end()
  session = null
  ended('cancelled')
  say('Cancelled. What was given stands above: read it again, change it, or remove it.')
  again.hidden = false
  again.focus()
})
again.addEventListener('click', () => analyze())
for (const field of [timezone, year, redact]) field.addEventListener('change', () => analyze(false))
byId('examples', HTMLElement).append(
  ...EXAMPLES.map(({ title, name, text }) =>
    button(title, () => {
      read([textInput(text, name)])
    }),
  ),
)
