import type { Container } from './define-container.ts'
import { tar } from './tar.ts'
import { zip } from './zip.ts'

export type { Container, Member } from './define-container.ts'

export const containers = [tar, zip] as const satisfies readonly Container[]
