export type { Brand } from "./brand.ts";
export type { Clock } from "./clock.ts";
export { systemClock } from "./clock.ts";
export { ERROR_REASONS, type ErrorReason } from "./error-reason.gen.ts";
export {
  isUuid,
  newUuid,
  type RandomBytes,
  systemRandom,
  type Uuid,
  uuidBytes,
  uuidFromBytes,
} from "./uuid.ts";
export { type FieldViolation, isProblem, Problem, type ProblemOptions } from "./problem.ts";
export { formatName, parseName } from "./resource-name.ts";
