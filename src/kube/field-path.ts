const ofContainer = /^spec\.(?:initC|ephemeralC|c)ontainers\{(?<name>[^{}]+)\}$/

/** The container that an event's `involvedObject.fieldPath` (`spec.containers{app}`) names; `null` for other fields and where there is none. */
export const containerOfFieldPath = (fieldPath: string | null): string | null => ofContainer.exec(fieldPath ?? '')?.groups?.['name'] ?? null
