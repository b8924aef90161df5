import { two } from "../../two/src/domain/domain.ts";
export const compose = two;
