import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { reasonOf } from '../input/trouble.ts'
import { outputs } from '../render/outputs.ts'
import { UsageError } from './errors.ts'
import { didYouMean } from './near.ts'

/**
 * What may stand for every run: in `config.yaml` of the user's own folder (or the file of `--config`), and as `OOM_REPORT_TIMEZONE` and so on. Nothing here can
 * show more than a run without it would: redaction can be asked for, not taken back, and what leaves secrets in stands on the command line only.
 */
export interface Settings {
  readonly timezone?: string
  readonly format?: string
  readonly template?: string
  readonly redact?: true
  readonly redactKey?: string
  /** As `-o` takes them, for runs that name neither `-o` nor a format. */
  readonly output?: readonly string[]
}

const names = ['timezone', 'format', 'template', 'redact', 'redact-key', 'output'] as const
const commandLineOnly = ['show-secrets', 'show-command-lines', 'no-redact']

export interface SettingsPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Value of `--config`. */
  readonly config: string | undefined
}

/** `$XDG_CONFIG_HOME/oom-report/config.yaml`, else the same below `~/.config`; never a path that depends on the working directory. */
export function ownFile(env: SettingsPlace['env']): string | null {
  const own = env['XDG_CONFIG_HOME']
  const home = env['HOME']
  const folder =
    own !== undefined && path.isAbsolute(own) ? own : home !== undefined && path.isAbsolute(home) ? path.join(home, '.config') : null
  return folder === null ? null : path.join(folder, 'oom-report', 'config.yaml')
}

/** The environment goes before the file; what asks for redaction in either counts. `file`: what was read. */
export function settingsOf({ env, config }: SettingsPlace): { readonly settings: Settings; readonly file: string | null } {
  const asked = config ?? (env['OOM_REPORT_CONFIG'] || undefined)
  const file = asked === 'none' ? null : (asked ?? ownFile(env))
  const isThere = file !== null && (asked !== undefined || existsSync(file))
  const inFile = isThere ? fileSettings(file) : {}
  const inEnv = environment(env)
  return { settings: { ...inFile, ...inEnv, ...(inFile.redact || inEnv.redact ? { redact: true } : {}) }, file: isThere ? file : null }
}

function environment(env: SettingsPlace['env']): Settings {
  const given = names.map((name) => [name, env[`OOM_REPORT_${name.toUpperCase().replace('-', '_')}`]] as const)
  return checked(
    Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== '')),
    (name) => `OOM_REPORT_${name.toUpperCase().replace('-', '_')}`,
  )
}

function fileSettings(file: string): Settings {
  let value: unknown
  try {
    value = parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = reasonOf(error).split('\n')[0] ?? ''
    throw new UsageError(`cannot read the settings ${file}: ${reason}`)
  }
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw new UsageError(`${file}: settings are lines of "name: value"`)
  const settings = checked(value as Record<string, unknown>, (name) => `${file}: ${name}`)
  // A path in the file is meant from the file's own folder.
  const at = (own: string | undefined): string | undefined => (own === undefined ? own : path.resolve(path.dirname(file), own))
  const [template, redactKey] = [at(settings.template), at(settings.redactKey)]
  const output = settings.output?.map((target) => {
    const { format = '', path: own = target } = /^(?<format>[a-z]{2,12}:)(?<path>.+)$/.exec(target)?.groups ?? {}
    return own === '-' ? target : `${format}${at(own)}`
  })
  return {
    ...settings,
    ...(template === undefined ? {} : { template }),
    ...(redactKey === undefined ? {} : { redactKey }),
    ...(output === undefined ? {} : { output }),
  }
}

function outputsIn(value: unknown, where: string): string[] {
  const targets: unknown[] = Array.isArray(value) ? value : [value]
  const texts = targets.filter((target): target is string => typeof target === 'string' && target !== '')
  if (texts.length === 0 || texts.length < targets.length) throw new UsageError(`${where} is a file, or a list of files`)
  return texts
}

function checked(given: Readonly<Record<string, unknown>>, where: (name: string) => string): Settings {
  const settings: Record<string, string | true | string[]> = {}
  for (const [name, value] of Object.entries(given)) {
    if (commandLineOnly.includes(name)) throw new UsageError(`${where(name)} can only be given on the command line`)
    if (!names.some((known) => known === name))
      throw new UsageError(`${where(name)} is no setting; there are ${names.join(', ')}${didYouMean(name, names)}`)
    if (name === 'redact') {
      if (![true, false, 'true', 'false', '1', '0', 'yes', 'no'].includes(value as string))
        throw new UsageError(`${where(name)} is true or false`)
      if ([true, 'true', '1', 'yes'].includes(value as string)) settings['redact'] = true
    } else if (name === 'output') {
      settings['output'] = outputsIn(value, where(name))
    } else {
      if (typeof value !== 'string' || value === '') throw new UsageError(`${where(name)} is a text`)
      settings[name === 'redact-key' ? 'redactKey' : name] = value
    }
  }
  if (settings['format'] !== undefined && !outputs.some(({ id }) => id === settings['format']))
    throw new UsageError(
      `${where('format')}: unknown format ${String(settings['format'])}; there are ${outputs.map(({ id }) => id).join(', ')}`,
    )
  return settings as Settings
}
