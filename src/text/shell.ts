/** Stands in a command for a word that must not: no name holds it. Commands with it are left out (`safeCommand`). */
const refused = '\u0000'

/**
 * One argument of a shell command, safe whatever a log put into it: quoted; characters beyond ASCII written out (`$'caf\u00e9'`, bash and zsh), since they may look
 * like others or reorder the line. What begins with a `-` would be an option wherever it stands, and what holds control characters is no name: refused.
 */
export function shellWord(text: string): string {
  if (text.startsWith('-') || /\p{C}|\p{Zl}|\p{Zp}/u.test(text)) return refused
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`
  const escaped = [...text].map((char) => (char === "'" || char === '\\' ? `\\${char}` : char < '\x7f' ? char : escapeOf(char)))
  return `$'${escaped.join('')}'`
}

function escapeOf(char: string): string {
  const hex = (char.codePointAt(0) as number).toString(16)
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** A command, or `null` when one of its words was refused. */
export const safeCommand = (command: string | null): string | null => (command?.includes(refused) === true ? null : command)

/** ` -n shop`, or nothing when the namespace is unknown. */
export const inNamespace = (namespace: string | null): string => (namespace === null ? '' : ` -n ${shellWord(namespace)}`)

/** Whether a command has pipes, lists, redirections or substitutions, which only a shell understands. */
export const needsShell = (command: string): boolean => /[|;&<>$`]/.test(command)
