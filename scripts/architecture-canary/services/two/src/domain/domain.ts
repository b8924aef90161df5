import { cycle } from "./cycle.ts";
export const two: number = cycle + 1;
