import type { AnalyzeArguments } from './analyze-arguments.ts'

export interface BatchArguments
  extends Pick<
    AnalyzeArguments,
    | 'timezone'
    | 'year'
    | 'inputFormat'
    | 'template'
    | 'redact'
    | 'redactKey'
    | 'showCommandLines'
    | 'showSecrets'
    | 'since'
    | 'until'
    | 'host'
    | 'namespace'
    | 'pod'
    | 'limit'
    | 'consumer'
    | 'exitCode'
    | 'quiet'
  > {
  paths: string[]
  output: string
  jobs: number | undefined
  shard: string | undefined
  baseline: string | undefined
}

export interface MergeArguments {
  dirs: string[]
  output: string
  baseline: string | undefined
  exitCode: boolean
  quiet: boolean
}
