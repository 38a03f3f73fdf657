import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { makeBundles } from '../../bench/make-bundles.mjs'
import { version } from '../../src/version.ts'
import { outputOf, run, temporaryFolder } from './run-cli.ts'

const examples = path.join(import.meta.dirname, '../../examples/kubernetes')
const files = readdirSync(examples).filter((f) => f.endsWith('.yaml'))

const object = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})
const text = { type: 'string', minLength: 1 }
const flag = { type: 'boolean' }
const count = { type: 'integer', minimum: 0 }
const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' }
const list = (items: object): object => ({ type: 'array', items })
const quantity = { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?(m|[KMGT]i?)?$' }
const resources = object({ cpu: quantity, memory: quantity })

/** Job of batch/v1 (Kubernetes 1.31 or later): the fields that the examples use, closed, so that a misspelt one fails. */
const container = object(
  {
    name,
    image: { type: 'string', pattern: '^[a-z0-9./-]+:[\\w.-]+$' },
    command: list(text),
    args: list(text),
    env: list(object({ name: { type: 'string', pattern: '^[A-Z_][A-Z0-9_]*$' }, value: { type: 'string' } }, ['name', 'value'])),
    resources: object({ requests: resources, limits: resources }),
    securityContext: object({
      allowPrivilegeEscalation: { const: false },
      readOnlyRootFilesystem: { const: true },
      capabilities: object({ drop: list(text) }),
    }),
    volumeMounts: list(object({ name, mountPath: { type: 'string', pattern: '^/' }, readOnly: flag }, ['name', 'mountPath'])),
  },
  ['name', 'image', 'resources', 'securityContext'],
)
const volume = object(
  {
    name,
    emptyDir: object({}),
    persistentVolumeClaim: object({ claimName: name, readOnly: flag }, ['claimName']),
    csi: object({ driver: text, readOnly: flag, volumeAttributes: { type: 'object', additionalProperties: { type: 'string' } } }, [
      'driver',
    ]),
  },
  ['name'],
)
const pod = object(
  {
    restartPolicy: { enum: ['Never', 'OnFailure'] },
    automountServiceAccountToken: flag,
    securityContext: object({
      runAsNonRoot: { const: true },
      runAsUser: { type: 'integer', minimum: 1 },
      runAsGroup: count,
      fsGroup: count,
      fsGroupChangePolicy: { enum: ['Always', 'OnRootMismatch'] },
      seccompProfile: object({ type: { enum: ['RuntimeDefault'] } }),
    }),
    containers: { ...list(container), minItems: 1 },
    volumes: list(volume),
  },
  ['restartPolicy', 'containers'],
)
const onExitCodes = object({ containerName: name, operator: { enum: ['In', 'NotIn'] }, values: list({ type: 'integer' }) }, [
  'operator',
  'values',
])
const jobSpec = object(
  {
    completionMode: { enum: ['Indexed', 'NonIndexed'] },
    completions: count,
    parallelism: count,
    backoffLimit: count,
    backoffLimitPerIndex: count,
    maxFailedIndexes: count,
    podFailurePolicy: object({
      rules: list(object({ action: { enum: ['FailJob', 'FailIndex', 'Ignore', 'Count'] }, onExitCodes }, ['action'])),
    }),
    template: object({ spec: pod }, ['spec']),
  },
  ['template'],
)
const job = object({ apiVersion: { const: 'batch/v1' }, kind: { const: 'Job' }, metadata: object({ name }, ['name']), spec: jobSpec }, [
  'apiVersion',
  'kind',
  'metadata',
  'spec',
])
const validate = new Ajv({ allErrors: true, strict: false }).compile(job)

interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value: string }[]
  readonly volumeMounts: readonly { readonly name: string }[]
}
interface Job {
  readonly spec: {
    readonly completions: number
    readonly template: {
      readonly spec: { readonly containers: readonly Container[]; readonly volumes: readonly { readonly name: string }[] }
    }
  }
}
const read = (file: string): Job[] => parseAllDocuments(readFileSync(path.join(examples, file), 'utf8')).map((d) => d.toJS() as Job)
const containerOf = (file: string): Container => read(file)[0]?.spec.template.spec.containers[0] as Container

describe('examples/kubernetes', () => {
  it.each(files)('%s is a Job that the API would take', (file) => {
    for (const document of read(file)) {
      validate(document)
      expect(validate.errors).toBeNull()
      const { containers, volumes } = document.spec.template.spec
      const mounts = containers.flatMap((c) => c.volumeMounts.map((m) => m.name))
      expect(new Set(mounts)).toEqual(new Set(volumes.map((v) => v.name)))
      expect(containers.map((c) => c.image)).toEqual([`oom-report:${version}`])
    }
  })

  it('fails on a misspelt field', () => expect(validate({ ...read('merge.yaml')[0], sepc: {} })).toBe(false))

  it('names as many shards as the Job completes, in the batch and in the merge', () => {
    for (const file of ['batch-volume.yaml', 'batch-bucket.yaml']) {
      const { completions } = (read(file)[0] as Job).spec
      expect(containerOf(file).env).toEqual([{ name: 'OOM_REPORT_SHARDS', value: String(completions) }])
      const merged = [...(containerOf('merge.yaml').args[0] as string).matchAll(/\/fleet\/shards\/(\d+)/g)].map((m) => Number(m[1]))
      expect(merged).toEqual(Array.from({ length: completions }, (_, n) => n))
    }
  })

  it('mounts nothing that the image’s Dockerfile would have to own', () => {
    const dockerfile = readFileSync(path.join(examples, '../../Dockerfile'), 'utf8')
    expect(dockerfile).toMatch(/^USER 1000:1000$/m)
    expect(dockerfile).toMatch(/^ENTRYPOINT \["oom-report"\]$/m)
  })
})

describe('the shards as local processes with the Job’s own arguments and environment', { timeout: 120_000 }, () => {
  const folder = temporaryFolder()
  const at = (...parts: string[]): string => path.join(folder, ...parts)
  /** The manifest's command line, with the mounts' places here. */
  const commandOf = (file: string, env: Readonly<Record<string, string>>): string[] => {
    const line = (containerOf(file).args[0] as string).split('\n').find((l) => l.startsWith('oom-report ')) as string
    const words = line.split(' ').slice(1)
    return words.map((w) =>
      w
        .replaceAll('"', '')
        .replace(/\$(\w+)/g, (_, variable: string) => env[variable] as string)
        .replace(/^\/(bundles|fleet)/, at('$1')),
    )
  }

  beforeAll(() => {
    makeBundles(at('bundles'), 12, 7)
  })

  it('fold into what one run would have written', async () => {
    const declared = Object.fromEntries((containerOf('batch-volume.yaml').env ?? []).map((e) => [e.name, e.value]))
    for (let index = 0; index < Number(declared['OOM_REPORT_SHARDS']); index++) {
      const env = { ...declared, JOB_COMPLETION_INDEX: String(index) }
      expect((await run(commandOf('batch-volume.yaml', env), env)).code).toBe(0)
    }
    expect((await run(commandOf('merge.yaml', {}))).code).toBe(0)
    await run(['batch', at('bundles'), '-o', at('one'), '-q'])
    expect(outputOf(at('fleet', 'report'))).toEqual(outputOf(at('one')))
  })
})
