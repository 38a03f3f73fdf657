/** yargs drops a lone `-` from positional arguments: it travels under a name that no file can have. */
export const stdinArgument = '\0-'

export const withStdin = (paths: readonly string[]): string[] => paths.map((p) => (p === stdinArgument ? '-' : p))
