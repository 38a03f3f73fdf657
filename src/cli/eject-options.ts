import { groups, type OptionTable } from './analyze-arguments.ts'

/** All options of `templates`. */
export const ejectOptions = {
  output: { alias: 'o', type: 'string', default: 'templates', group: groups.output, describe: 'folder to write to' },
} as const satisfies OptionTable
