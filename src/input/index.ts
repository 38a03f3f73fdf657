export { charsetOf, decodeCharset } from './charset.ts'

export { placeSources } from './layouts/place.ts'
export { markerPath } from './layouts/roots.ts'
export { defaultLimits } from './limits.ts'
export { argumentName } from './paths.ts'
export type { InputLimits, InputOptions, InputOutcome, InputSource, OpenedInputs } from './source.ts'
