import { expect, test } from 'vitest'
import { containerOfFieldPath } from '../../src/kube/field-path.ts'

test.each([
  ['spec.containers{app}', 'app'],
  ['spec.initContainers{migrate}', 'migrate'],
  ['spec.ephemeralContainers{debugger-x}', 'debugger-x'],
  ['spec.containers{}', null],
  ['metadata.labels{app}', null],
  ['spec.containers{app} and more', null],
  [null, null],
])('%s', (path, container) => {
  expect(containerOfFieldPath(path)).toBe(container)
})
