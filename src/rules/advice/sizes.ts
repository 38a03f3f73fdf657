const KIB = 2 ** 10
export const MIB = 2 ** 20
const GIB = 2 ** 30

/** Steps in which people write sizes: up to a bound, in steps of. Above all bounds 4 GiB. */
const STEPS: readonly (readonly [bound: number, step: number])[] = [
  [64 * MIB, 8 * MIB],
  [256 * MIB, 32 * MIB],
  [GIB, 128 * MIB],
  [4 * GIB, 256 * MIB],
  [16 * GIB, 512 * MIB],
  [64 * GIB, GIB],
]

const stepOf = (bytes: number): number => STEPS.find(([bound]) => bytes <= bound)?.[1] ?? 4 * GIB

/** The next size up that somebody would write: 763 MiB → 768 MiB, 1.1 GiB → 1.25 GiB, 5.33 GiB → 5.5 GiB. */
export function roundUp(bytes: number): number {
  const step = stepOf(bytes)
  return Math.ceil(bytes / step) * step
}

/** The next size down that somebody would write; 0 for what is below the smallest step. */
export function roundDown(bytes: number): number {
  const step = stepOf(bytes)
  return Math.floor(bytes / step) * step
}

/** As Kubernetes takes it: `5Gi`, `5632Mi`, and what is no whole MiB in `Ki`. */
export function quantity(bytes: number): string {
  if (bytes % GIB === 0) return `${bytes / GIB}Gi`
  return bytes % MIB === 0 ? `${bytes / MIB}Mi` : `${Math.ceil(bytes / KIB)}Ki`
}

/** As systemd takes it, in powers of two: `5G`, `5632M`. */
export const systemdSize = (bytes: number): string => quantity(bytes).slice(0, -1)

/** As docker and podman take it: `5g`, `5632m`. */
export const dockerSize = (bytes: number): string => systemdSize(bytes).toLowerCase()

/** As the JVM and others take it, in whole MiB: `2304m`. */
export const wholeMib = (bytes: number): number => Math.floor(bytes / MIB)
