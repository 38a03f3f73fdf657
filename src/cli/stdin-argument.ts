import { fstatSync } from 'node:fs'

/** yargs drops a lone `-` from positional arguments: it travels under a name that no file can have. */
export const stdinArgument = '\0-'

export const withStdin = (paths: readonly string[]): string[] => paths.map((p) => (p === stdinArgument ? '-' : p))

/** What is piped or typed; `null` where there is none to read: `< FOLDER` reads as an empty file in Node.js. */
export function standardInput(paths: readonly string[]): NodeJS.ReadStream | null {
  return paths.includes('-') && !fstatSync(0).isDirectory() ? process.stdin : null
}
