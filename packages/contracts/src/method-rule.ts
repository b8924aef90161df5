import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { MethodDefinition } from "./definitions.ts";
import { MethodRule } from "./gen/leasehold/type/v1/method_rule.ts";

/** Tag of the option `leasehold.type.v1.rule`: field 50100, length-delimited. */
const RULE_TAG = (50100 << 3) | 2;

/**
 * The rule that the contract gives a method: who may call it, and how long it may take.
 * `undefined` where the contract forgot it; a server must not serve such a method.
 */
export function methodRule(method: Pick<MethodDefinition, "options">): MethodRule | undefined {
  const encoded = method.options._unknownFields?.[RULE_TAG]?.[0];
  return encoded && MethodRule.decode(new BinaryReader(encoded).bytes());
}
