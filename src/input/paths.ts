import { latin1Text } from '../text/latin1.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A file name as text. Names that are no UTF-8 are read as latin1: nothing is lost and no two names become one. */
export function nameText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return latin1Text(bytes)
  }
}

/**
 * A stored name made a label: `/`-separated, without `./`, a leading `/` or `..`, control characters escaped (they would reach a
 * terminal). Nothing is ever written to or opened at such a path.
 */
export function labelOf(rawPath: string): string {
  const parts = rawPath.split('/').filter((part) => part !== '' && part !== '.' && part !== '..')
  return printable(parts.join('/'))
}

const printable = (text: string): string =>
  text.replace(/[\x00-\x1f\x7f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** An argument as the name of what it leads to: without `./` and doubled or trailing slashes. */
export function argumentName(argument: string): string {
  const plain = argument.replace(/\/{2,}/g, '/').replace(/^(?:\.\/)+/, '')
  const name = plain.length > 1 ? plain.replace(/\/$/, '') : plain
  return printable(name === '' ? '.' : name)
}
