const shape = /^(?<major>\d{1,4})\.(?<minor>\d{1,4})(?:\.(?<patch>\d{1,4}))?(?<build>-\d)?/
const el = /[.-]el(?<n>\d{1,2})/

/** The numbers in a kernel's release, `5.15.0-119-generic`. `el`: of Red Hat's kernels (`3.10.0-862.el7.x86_64`), which hold much that is newer than their number. */
export interface KernelVersion {
  readonly major: number
  readonly minor: number
  /** 0 where it is not printed. */
  readonly patch: number
  readonly el: number | null
  /** Whether a distribution's build number follows: `-862` of `3.10.0-862.el7`. */
  readonly build: boolean
}

/** `null` where the text is none, or there is none. */
export function kernelVersion(release: string | null | undefined): KernelVersion | null {
  const groups = shape.exec(release ?? '')?.groups
  if (groups === undefined) return null
  const red = el.exec(release ?? '')?.groups?.['n']
  const { major = '0', minor = '0', patch = '0' } = groups
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    el: red === undefined ? null : Number(red),
    build: groups['build'] !== undefined,
  }
}

export const isFrom = (version: KernelVersion, major: number, minor: number): boolean =>
  version.major > major || (version.major === major && version.minor >= minor)
