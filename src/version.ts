/** Kept equal to package.json by a test: reading a JSON file at start-up costs more than it is worth. */
export const version = '0.1.0'
