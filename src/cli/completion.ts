import { outputs } from '../render/outputs.ts'
import type { OptionTable } from './analyze-arguments.ts'
import { commands } from './commands.ts'

/** Words that may follow an option, where they are few. */
const valuesOf: Readonly<Record<string, readonly string[]>> = { format: outputs.map(({ id }) => id), since: ['1h', 'today', 'yesterday'] }

/** `--format -f`: all spellings of a command's options. */
const spellings = (options: OptionTable): string[] =>
  Object.entries(options).flatMap(([name, { alias }]) => [`--${name}`, ...(alias === undefined ? [] : [`-${alias}`])])

/**
 * A completion script made of the commands' own options; it never runs the program. zsh takes bash's by its own bridge. Files are completed by the shell.
 */
export function completionScript(shell: 'bash' | 'zsh'): string {
  const cases = commands
    .filter(({ name }) => name !== 'analyze')
    .map(({ name, options, words = [] }) => `    ${name}) words="${[...words, ...spellings(options), '--help'].join(' ')}" ;;`)
  const analyze = spellings(commands.find(({ name }) => name === 'analyze')?.options ?? {})
  const values = Object.entries(valuesOf).map(([name, words]) => {
    const alias = name === 'format' ? '|-f' : ''
    return `    --${name}${alias}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")); return ;;`
  })
  const bash = `# oom-report completion bash: eval "$(oom-report completion bash)"
_oom_report() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  case "$before" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words="${[...analyze, '--help'].join(' ')}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${commands.map(({ name }) => name).join(' ')} $words --version"; fi
  if [[ "$word" == -* || "$COMP_CWORD" -eq 1 || -n "$words" && "$words" != -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  fi
}
complete -o default -o bashdefault -F _oom_report oom-report
`
  return shell === 'bash'
    ? bash
    : `#compdef oom-report\nautoload -U +X bashcompinit && bashcompinit\n${bash.replaceAll('completion bash', 'completion zsh')}`
}
