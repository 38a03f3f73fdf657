import { describe, expect, it } from 'vitest'
import { containerText } from '../../src/facts/names.ts'
import { kindAndName } from '../../src/text/echo.ts'
import { plainPhrase } from '../../src/text/plain-phrase.ts'
import { code, say } from '../../src/text/say.ts'

describe('a name that begins with the word in front of it', () => {
  const word = (before: 'of node' | 'of the node' | 'NUMA node' | 'Container', name: string): string =>
    plainPhrase(
      before === 'Container'
        ? say`Container ${code(name)} died`
        : before === 'of node'
          ? say`the log of ${say`node ${code(name)}`}`
          : before === 'of the node'
            ? say`of the node ${code(name)}`
            : say`NUMA node ${code(name)}`,
    )
  it.each([
    ['of node', 'node-17', 'the log of node-17'],
    ['of node', 'Node7', 'the log of Node7'],
    ['of node', 'nodejs', 'the log of node nodejs'],
    ['of node', 'node', 'the log of node node'],
    ['of node', 'worker-1', 'the log of node worker-1'],
    ['of the node', 'node-17', 'of the node node-17'],
    ['NUMA node', '1', 'NUMA node 1'],
    ['Container', 'container-1', 'container-1 died'],
  ] as const)('%s %s: %s', (before, name, text) => expect(word(before, name)).toBe(text))
})

describe('kind and name in plain text', () => {
  it.each([
    ['container', 'app', 'container app'],
    ['container', 'container-1', 'container-1'],
    ['container', 'containerd', 'container containerd'],
    ['pod', 'pod', 'pod pod'],
    ['pod', 'Pod7', 'Pod7'],
  ])('%s %s: %s', (kind, name, text) => expect(kindAndName(kind, name)).toBe(text))

  it.each([
    [{ pod: 'cart-0', container: 'container-1' }, 'container-1 of pod cart-0'],
    [{ pod: 'pod-0', container: 'app' }, 'container app of pod-0'],
    [{ pod: 'pod-0', container: null }, 'pod-0'],
    [{ pod: null, container: null }, 'a container'],
  ])('of the timeline: %j', (named, text) => {
    expect(containerText({ namespace: null, podUid: null, containerId: null, ...named })).toBe(text)
  })
})
