import { expect, test } from "vitest";
import { sbomFaults } from "./sbom-faults.ts";

const part = { name: "pg", version: "8.0.0", purl: "pkg:npm/pg@8.0.0", licenses: [{}] };
const BOM = {
  bomFormat: "CycloneDX",
  metadata: { component: { name: "issuer" } },
  components: [part],
};

test("a bill with every direct dependency, each with version, purl and license, is whole", () => {
  expect(sbomFaults(BOM, "issuer", ["pg"])).toEqual([]);
});

test.each([
  ["another format", { ...BOM, bomFormat: "SPDX" }],
  ["another service's", { ...BOM, metadata: {} }],
  ["a missing part", { ...BOM, components: [] }],
  ["a part without a license", { ...BOM, components: [{ ...part, licenses: [] }] }],
  ["a part without a version", { ...BOM, components: [{ ...part, version: "" }] }],
])("%s is found", (_, bom) => {
  expect(sbomFaults(bom, "issuer", ["pg"])).toHaveLength(1);
});
