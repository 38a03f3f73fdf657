/** The minor version of Kubernetes 1: 33 of `v1.33.2-eks-1a2b3c`; `null` where the text is none. */
export function minorOfVersion(version: string | null): number | null {
  const minor = /^v?1\.(?<minor>\d{1,3})(?:\D|$)/.exec(version ?? '')?.groups?.['minor']
  return minor === undefined ? null : Number(minor)
}
