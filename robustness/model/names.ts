/** How histories call their parties. */
export const clientName = (c: number): string => `client ${"ABCDEF"[c] ?? c}`;
export const leaseName = (id: number): string => `lease ${id + 1}`;
export const redisName = (n: number): string => `redis ${n + 1}`;
