import { expect, test } from "vitest";
import { isReachedAt, type Person } from "./person.ts";

const ADA: Person = {
  issuer: "https://id.example",
  subject: "ada",
  email: "Ada@Acme.example",
  emailVerified: true,
  displayName: undefined,
};

test.each([
  ["the address as it stands", ADA, "Ada@Acme.example", true],
  ["in other letters", ADA, "ada@acme.EXAMPLE", true],
  ["another address", ADA, "ada@acme.example.org", false],
  [
    "an address that nobody vouches for",
    { ...ADA, emailVerified: false },
    "ada@acme.example",
    false,
  ],
  ["no address that is told", { ...ADA, email: undefined }, "ada@acme.example", false],
])("a person is reached at %s: %#", (_, person, email, reached) => {
  expect(isReachedAt(person, email)).toBe(reached);
});
