import { defineList, type FieldOf, oneOf, text, time } from "@leasehold/list-query";
import type { ProductKeyState } from "./product-key.ts";

const STATES = { ACTIVE: "ACTIVE", REVOKED: "REVOKED" } as const satisfies Record<
  ProductKeyState,
  ProductKeyState
>;

/** What lists of product keys may be asked for. */
export const PRODUCT_KEYS_LIST = defineList({
  fields: { hint: text(), state: oneOf(STATES), create_time: time() },
  orderable: ["create_time"],
  defaultOrder: "create_time desc",
});

export type ProductKeyField = FieldOf<typeof PRODUCT_KEYS_LIST>;
