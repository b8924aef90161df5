import { two } from "./domain.ts";
export const cycle: number = two + 1;
