import { assert, constantFrom, property, string } from "fast-check";
import { expect, test } from "vitest";
import { sameLicensee } from "./licensee.ts";

const ADA = { name: "Ada Lovelace", organization: "Straße & Söhne GmbH" };

test.each([
  ["letter case", { name: "ADA lovelace", organization: "straße & söhne gmbh" }],
  ["the sharp s written as two", { name: "Ada Lovelace", organization: "STRASSE & SÖHNE GMBH" }],
  ["spacing", { name: "  Ada \t Lovelace ", organization: "Straße  &\u00A0Söhne GmbH" }],
  ["decomposed letters", { name: "Ada Lovelace", organization: "Straße & So\u0308hne GmbH" }],
  ["full-width letters", { name: "Ａｄａ Lovelace", organization: "Straße & Söhne GmbH" }],
])("%s does not matter", (_, typed) => {
  expect(sameLicensee(ADA, typed)).toBe(true);
});

test.each([
  ["another name", { name: "Ada Byron", organization: ADA.organization }],
  ["another organization", { name: ADA.name, organization: "Acme" }],
  ["swapped fields", { name: ADA.organization, organization: ADA.name }],
  ["no space at all", { name: "AdaLovelace", organization: ADA.organization }],
  ["a letter without its accent", { name: ADA.name, organization: "Straße & Sohne GmbH" }],
])("%s is another licensee", (_, typed) => {
  expect(sameLicensee(ADA, typed)).toBe(false);
});

const LETTERS = constantFrom(...Array.from("aZéÅßẞıİσςΣжЯñŒøŁ字ぁ٣&-. "));

test("whatever a name is, its upper case, lower case and padded forms are the same licensee", () => {
  assert(
    property(string({ unit: LETTERS, minLength: 1, maxLength: 40 }), (name) => {
      for (const other of [name.toUpperCase(), name.toLowerCase(), ` ${name} `]) {
        expect(sameLicensee({ ...ADA, name }, { ...ADA, name: other })).toBe(true);
      }
    }),
  );
});
