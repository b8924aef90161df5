import { expect, test } from "vitest";
import { stableSbom, type UnstableBom } from "./stable-sbom.ts";

function bom(order: readonly string[], facts: { serialNumber: string; timestamp: string }) {
  return {
    bomFormat: "CycloneDX",
    serialNumber: facts.serialNumber,
    metadata: { timestamp: facts.timestamp, component: { name: "issuer" } },
    components: order.map((name) => ({ "bom-ref": name, version: "1.0.0" })),
    dependencies: [{ ref: "issuer", dependsOn: order }, ...order.map((ref) => ({ ref }))],
  } satisfies UnstableBom & { bomFormat: string };
}

test("two runs over the same packages make the same text", () => {
  const one = bom(["pg", "jose"], { serialNumber: "urn:uuid:1", timestamp: "2026-01-01" });
  const other = bom(["jose", "pg"], { serialNumber: "urn:uuid:2", timestamp: "2026-02-02" });
  expect(JSON.stringify(stableSbom(one, 7))).toBe(JSON.stringify(stableSbom(other, 7)));
});

test("nothing that tells what is in it is left out", () => {
  const facts = { serialNumber: "urn:uuid:1", timestamp: "2026-01-01" };
  expect(stableSbom(bom(["pg", "jose"], facts), 7)).toEqual({
    bomFormat: "CycloneDX",
    metadata: { timestamp: "1970-01-01T00:00:07.000Z", component: { name: "issuer" } },
    components: [
      { "bom-ref": "jose", version: "1.0.0" },
      { "bom-ref": "pg", version: "1.0.0" },
    ],
    dependencies: [
      { ref: "issuer", dependsOn: ["jose", "pg"] },
      { ref: "jose", dependsOn: [] },
      { ref: "pg", dependsOn: [] },
    ],
  });
});
