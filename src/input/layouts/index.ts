export const layouts = []
