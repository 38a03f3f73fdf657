import { existsSync } from 'node:fs'
import type { AnalyzeArguments } from './analyze-arguments.ts'
import type { Settings } from './settings.ts'

type Known = Pick<AnalyzeArguments, 'timezone' | 'template' | 'redact'> &
  Partial<Pick<AnalyzeArguments, 'format' | 'json' | 'redactKey' | 'config' | 'verbose' | 'quiet'>> & {
    readonly output?: string | string[]
  }

/**
 * The arguments with what the user's settings say where the command line says nothing. What reads them is loaded only where there are some: most runs have none.
 */
export async function withSettings<A extends Known>(argv: A): Promise<A> {
  const { env } = process
  if (
    argv.config === undefined &&
    !Object.keys(env).some((name) => /^OOM_REPORT_(?:CONFIG|TIMEZONE|FORMAT|TEMPLATE|REDACT|REDACT_KEY|OUTPUT)$/.test(name))
  ) {
    const folder = env['XDG_CONFIG_HOME'] ?? (env['HOME'] === undefined ? undefined : `${env['HOME']}/.config`)
    if (folder === undefined || !isThere(`${folder}/oom-report/config.yaml`)) return argv
  }
  const { settingsOf } = await import('./settings.ts')
  const { settings, file } = settingsOf({ env, config: argv.config })
  if (argv.verbose === true && file !== null) process.stderr.write(`settings of ${file}\n`)
  const args = merged(argv, settings)
  // A file that no argument names is told of: it may be one of an earlier run.
  if (args.output !== argv.output && argv.quiet !== true)
    process.stderr.write(`oom-report: written to ${settings.output?.join(', ')}, as ${file ?? 'OOM_REPORT_OUTPUT'} says\n`)
  return args
}

/** Under Node's permission model even the question is refused: then there are no settings. */
function isThere(file: string): boolean {
  try {
    return existsSync(file)
  } catch {
    return false
  }
}

/** A template of one's own is for documents: who asks for a format, or for a file of one, gets that. */
function merged<A extends Known>(argv: A, { timezone, format, template, redact, redactKey, output }: Settings): A {
  const asksForFormat = argv.format !== undefined || argv.json === true || (Array.isArray(argv.output) && argv.output.length > 0)
  return {
    ...argv,
    timezone: argv.timezone ?? timezone,
    redact: argv.redact || redact === true || redactKey !== undefined,
    redactKey: argv.redactKey ?? redactKey,
    format: asksForFormat ? argv.format : format,
    ...(!asksForFormat && output !== undefined && Array.isArray(argv.output) ? { output: [...output] } : {}),
    template: argv.template ?? (asksForFormat ? undefined : template),
  }
}
