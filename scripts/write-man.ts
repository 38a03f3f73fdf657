import { writeFileSync } from 'node:fs'
import { groups, type OptionData } from '../src/cli/analyze-arguments.ts'
import { type CommandData, commands, examples } from '../src/cli/commands.ts'

// Writes man/oom-report.1 from the data that yargs reads. Run with: npm run man

/** Text of a man page: a hyphen that is typed stays one, a dot at the start of a line is no request, and signs beyond ASCII have names of their own. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replace(/^([.'])/gm, '\\&$1')
    .replaceAll('-', '\\-')
    .replace(/[^\x20-\x7e\n]/gu, (sign) => `\\[u${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

function optionText([name, { alias, type, describe }]: [string, OptionData]): string {
  const value = type === 'boolean' ? '' : ` \\fI${type === 'number' ? 'N' : 'VALUE'}\\fR`
  const short = alias === undefined ? '' : `\\fB\\-${roff(alias)}\\fR, `
  return `.TP\n${short}\\fB\\-\\-${roff(name)}\\fR${value}\n${roff(describe)}`
}

function commandText({ name, usage, describe, options }: CommandData): string {
  const all = Object.entries(options)
  const sections = Object.values(groups).flatMap((group) => {
    const own = all.filter(([, option]) => option.group === group)
    return own.length === 0 ? [] : [`.PP\n${roff(group)}`, ...own.map(optionText)]
  })
  return [`.SS oom\\-report ${roff(`${name} ${usage}`.trim())}`, roff(`${describe}.`), ...sections].join('\n')
}

const environment = [
  [
    'OOM_REPORT_TIMEZONE, OOM_REPORT_FORMAT, OOM_REPORT_TEMPLATE, OOM_REPORT_REDACT, OOM_REPORT_REDACT_KEY',
    'as the options of these names, where the command line does not say.',
  ],
  ['OOM_REPORT_CONFIG', 'as --config.'],
  [
    'NO_COLOR, FORCE_COLOR',
    'no colour where the first is set and not empty; colour where the second is set, none where it is 0. --color and --no-color go before both.',
  ],
] as const

const exits = [
  ['0', 'a report was made, also when nothing was found'],
  ['1', 'only with --exit-code: there is an incident'],
  ['2', 'usage'],
  ['3', 'nothing could be read'],
  ['4', 'made, but some inputs were unreadable'],
  ['5', 'an output could not be written'],
  ['70', 'a bug of ours'],
] as const

const rows = (list: readonly (readonly [string, string])[]): string =>
  list.map(([head, text]) => `.TP\n\\fB${roff(head)}\\fR\n${roff(text)}`).join('\n')

export const manPage = (): string => `.\\" Made from src/cli by scripts/write-man.ts: change it there.
.TH OOM\\-REPORT 1 "" "oom\\-report" "User Commands"
.SH NAME
oom\\-report \\- explains out\\-of\\-memory kills
.SH SYNOPSIS
\\fBoom\\-report\\fR [\\fIOPTION\\fR]... \\fIPATH\\fR...
.br
\\fBoom\\-report\\fR \\fICOMMAND\\fR ...
.SH DESCRIPTION
${roff('Explains out-of-memory kills from kernel logs, kubelet logs, journals and support bundles: which limit was hit, what filled it, why this process died, what came of it, with the quoted line behind every claim. Standard input is read where a path is -, or where none is given and something is piped.')}
.SH EXAMPLES
${examples.map(([command, what]) => `.TP\n\\fB${roff(command)}\\fR\n${roff(what)}`).join('\n')}
.SH COMMANDS
${commands.map(commandText).join('\n')}
.SH FILES
.TP
\\fB${roff('$XDG_CONFIG_HOME/oom-report/config.yaml')}\\fR
${roff('or ~/.config/oom-report/config.yaml: lines of "name: value" with timezone, format, template, redact, redact-key, output. Redaction can be asked for there and not taken back; what shows secrets stands on the command line only. A folder that is worked in is never looked at.')}
.SH ENVIRONMENT
${rows(environment)}
.SH EXIT STATUS
${rows(exits)}
`

if (process.argv[1]?.endsWith('write-man.ts')) writeFileSync(new URL('../man/oom-report.1', import.meta.url), manPage())
