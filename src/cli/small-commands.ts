import type { CommandModule } from 'yargs'

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
    builder: (y) =>
      y
        .positional('action', { choices: ['eject'] })
        .option('output', { alias: 'o', type: 'string', default: 'templates', describe: 'folder to write to' }) as never,
    handler: async ({ output }) => {
      const { ejectTemplates } = await import('./eject-templates.ts')
      done(ejectTemplates(output))
    },
  }
}
