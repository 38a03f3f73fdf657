/** The module's bytes in base64. */
export function assembleNeedle(): Promise<string>
