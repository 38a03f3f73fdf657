import type { CommandModule } from 'yargs'
import { ejectOptions } from './eject-options.ts'

/** `formats`: what is understood, from the registries themselves. */
export function formatsCommand(done: (code: number) => void): CommandModule {
  return {
    command: 'formats',
    describe: 'List the log formats, documents and outputs that are understood',
    handler: async () => {
      const { listFormats } = await import('./list-formats.ts')
      process.stdout.write(listFormats())
      done(0)
    },
  }
}

/** `explain TERM`: what a field, a flag or an answer means. */
export function explainCommand(done: (code: number) => void): CommandModule<object, { term: string | undefined }> {
  return {
    command: 'explain [term]',
    describe: 'Explain a field, a flag or an answer: gfp_mask, oom_score_adj, pod-limit …',
    builder: (y) => y.positional('term', { type: 'string' }) as never,
    handler: async ({ term }) => {
      const { explained } = await import('./explained.ts')
      const { text, found } = explained(term ?? null)
      ;(found ? process.stdout : process.stderr).write(text)
      done(found ? 0 : 2)
    },
  }
}

/** `templates eject -o DIR`: our templates to start from. */
export function templatesCommand(done: (code: number) => void): CommandModule<object, { action: string; output: string }> {
  return {
    command: 'templates <action>',
    describe: 'eject: write our templates to a folder, to start your own from',
    builder: (y) => y.positional('action', { choices: ['eject'] }).options(ejectOptions) as never,
    handler: async ({ output }) => {
      const { ejectTemplates } = await import('./eject-templates.ts')
      done(ejectTemplates(output))
    },
  }
}

/** `completion bash|zsh`: a script for the shell. */
export function completionCommand(done: (code: number) => void): CommandModule<object, { shell: string }> {
  return {
    command: 'completion <shell>',
    describe: 'Print the completion script of bash or zsh: eval "$(oom-report completion bash)"',
    builder: (y) => y.positional('shell', { choices: ['bash', 'zsh'] }) as never,
    handler: async ({ shell }) => {
      const { completionScript } = await import('./completion.ts')
      process.stdout.write(completionScript(shell === 'zsh' ? 'zsh' : 'bash'))
      done(0)
    },
  }
}
