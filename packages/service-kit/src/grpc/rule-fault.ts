import {
  DEADLINE_MS,
  DeadlineClass,
  type MethodRule,
  REQUEST_BYTES,
  RequiredRole,
} from "@leasehold/contracts";
import { CLASS_OF, KIND_OF, ROLE_OF } from "./rule-words.ts";

/** What a rule leaves open, as the end of a sentence; `undefined` if nothing. */
export function ruleFault(rule: MethodRule, streams: boolean): string | undefined {
  return principalsFault(rule) ?? costsFault(rule, streams) ?? scopeFault(rule);
}

function principalsFault({ principals }: MethodRule): string | undefined {
  const named = principals.length > 0 && principals.every((kind) => KIND_OF[kind] !== undefined);
  return named ? undefined : "does not name its principals";
}

function costsFault({ deadline, rate, size }: MethodRule, streams: boolean): string | undefined {
  const isDeadline = streams
    ? deadline === DeadlineClass.STREAM
    : DEADLINE_MS[deadline] !== undefined;
  if (!isDeadline) return "does not name its deadline";
  if (CLASS_OF[rate] === undefined) return "does not name its rate class";
  return REQUEST_BYTES[size] > 0 ? undefined : "does not name its size";
}

function scopeFault({ principals, rate, customerRole, services }: MethodRule): string | undefined {
  const kinds = new Set(principals.map((kind) => KIND_OF[kind]));
  const hasRole = customerRole !== RequiredRole.UNSPECIFIED && customerRole in ROLE_OF;
  if (kinds.has("account") && !hasRole) return "names accounts without a role";
  if (!kinds.has("account") && hasRole) return "names a role, but no accounts";
  if (kinds.has("service") && (services.length === 0 || services.includes("")))
    return "does not name its services";
  if (!kinds.has("service") && services.length > 0) return "names services, but not as principals";
  // Calls of services are not counted by address, so nobody else may be in the class.
  if (CLASS_OF[rate] === "INTERNAL" && (kinds.size > 1 || !kinds.has("service")))
    return "lets others than services call what is internal";
  return undefined;
}
