import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { heapCeiling } from '../../../src/extract/heap-flags.ts'
import { newSize, scaledSet } from '../../../src/extract/rollouts.ts'
import { runtimeOf, runtimes } from '../../../src/rules/advice/runtimes/index.ts'

const MIB = 2 ** 20

describe('a row for each program', () => {
  test.each([
    ['java', '', 'jvm'],
    ['java', '-Xmx1g org.elasticsearch.bootstrap.Elasticsearch', 'elasticsearch'],
    ['java', 'org.apache.spark.executor.CoarseGrainedExecutorBackend', 'spark'],
    ['node', '', 'node'],
    ['node', '/app/node_modules/.bin/webpack --mode production', 'node-build'],
    ['MainThread', '', 'node'],
    ['node_exporter', '', 'go'],
    ['python3.11', '', 'python'],
    ['gunicorn', '', 'gunicorn'],
    ['[celeryd: celery', '', 'celery'],
    ['php-fpm8.2', '', 'php-fpm'],
    ['postgres', '', 'postgresql'],
    ['mysqld', '', 'mysql'],
    ['mongod', '', 'mongodb'],
    ['redis-server', '', 'redis'],
    ['clamd', '', 'clamd'],
    ['prometheus', '', 'prometheus'],
    ['qemu-kvm', '', 'qemu'],
    ['virt-cdi-import', '', 'cdi'],
    ['cc1plus', '', 'compiler'],
    ['chromium', '', 'browser'],
    ['dotnet', '', 'dotnet'],
    ['traefik', '', 'go'],
    ['envoy', '', 'envoy'],
    ['fluent-bit', '', 'fluent-bit'],
    ['dd', '', 'copy'],
  ])('%s %s: %s', (comm, words, id) => {
    expect(runtimeOf(comm, words)?.id).toBe(id)
  })

  test('what no row knows is nobody', () => {
    expect(['a.out', 'data_sim', '', 'gitlab-ce', 'ddclient'].map((comm) => runtimeOf(comm, ''))).toEqual([null, null, null, null, null])
  })

  test('ids are unique, words in lower case, and every command is one of a shell', () => {
    expect(new Set(runtimes.map((row) => row.id)).size).toBe(runtimes.length)
    for (const row of runtimes) {
      for (const word of row.words ?? []) expect(word).toBe(word.toLowerCase())
      if (row.command !== null) execFileSync('bash', ['-n', '-c', row.command.replaceAll('PID', '1')])
    }
  })
})

describe('heap flags', () => {
  test.each<[string, string | null, number]>([
    ['java -Xms1g -Xmx4g -jar a.jar', '-Xmx4g', 4096],
    ['JAVA_OPTS=-Xmx1g -Xmx2g', '-Xmx2g', 2048],
    ['-XX:MaxRAMPercentage=75.0', '-XX:MaxRAMPercentage=75.0', 750],
    ['-XX:MaxRAMPercentage=75 -Xmx300m', '-Xmx300m', 300],
    ['NODE_OPTIONS=--max-old-space-size=512', '--max-old-space-size=512', 512],
    ['node --max_old_space_size 512', '--max_old_space_size 512', 512],
    ['GOMEMLIMIT=900MiB', 'GOMEMLIMIT=900MiB', 900],
    ['DOTNET_GCHeapHardLimit=0x20000000', 'DOTNET_GCHeapHardLimit=0x20000000', 512],
    ['mongod --bind_ip_all --wiredTigerCacheSizeGB 3.5', '--wiredTigerCacheSizeGB 3.5', 3584],
    ['MONGODB_EXTRA_FLAGS=--wiredTigerCacheSizeGB=0.25', '--wiredTigerCacheSizeGB=0.25', 256],
    ['redis-server --maxmemory 3gb --maxmemory-policy allkeys-lru', '--maxmemory 3gb', 3072],
    ['redis-server --maxmemory-policy allkeys-lru', null, 0],
    ['mysqld --innodb-buffer-pool-size=2G', '--innodb-buffer-pool-size=2G', 2048],
    ['--Xmxfoo -Xmx', null, 0],
    ['my-Xmx4g', null, 0],
  ])('%s', (text, flag, mib) => {
    const found = heapCeiling(text, 1000 * MIB)
    expect(found?.flag ?? null).toBe(flag)
    if (found !== null) expect(found.bytes).toBe(mib * MIB)
  })
})

test('redis takes a unit without b for a power of ten', () => {
  expect(heapCeiling('redis-server --maxmemory 3g', MIB)?.bytes).toBe(3e9)
  expect(heapCeiling('redis-server --maxmemory 500', MIB)?.bytes).toBe(500)
})

describe('rollouts', () => {
  test.each([
    ['Scaled up replica set cart-6bd5c9f7d9 to 2 from 0', { way: 'up', set: 'cart-6bd5c9f7d9', to: 2, from: 0 }],
    [
      '(combined from similar events): Scaled down replica set cart-58f7b6d44c to 4',
      { way: 'down', set: 'cart-58f7b6d44c', to: 4, from: null },
    ],
    ['Created pod: cart-x', null],
  ])('%s', (message, told) => {
    expect(scaledSet(message)).toEqual(told)
  })
  test('the autoscaler tells a size', () => {
    expect(newSize('New size: 40; reason: cpu resource utilization (percentage of request) above target')).toBe(40)
    expect(newSize('unable to get metrics')).toBeNull()
  })
})
