import { expect, test } from "vitest";
import { show } from "./show.ts";
import { table } from "./table.ts";

const CUSTOMER = {
  name: "customers/c",
  displayName: "Acme",
  contacts: [{ displayName: "Ada", email: "ada@example.com", phone: "" }],
  limits: { resources: 3 },
  state: "ACTIVE",
  closed: false,
};

test("one thing is told field by field, without what is empty", async () => {
  expect(await show(CUSTOMER, { output: "table" })).toBe(
    [
      "name          customers/c",
      "display name  Acme",
      "contacts      display name Ada, email ada@example.com",
      "limits",
      "  resources   3",
      "state         ACTIVE",
      "",
    ].join("\n"),
  );
});

test("several are told in columns, and json and yaml have all of it", async () => {
  const columns = ["name", "limits.resources"];
  expect(await show([CUSTOMER], { output: "table", columns })).toBe(
    "NAME         RESOURCES\ncustomers/c  3\n",
  );
  expect(JSON.parse(await show([CUSTOMER], { output: "json" }))).toEqual([CUSTOMER]);
  expect(await show(CUSTOMER, { output: "yaml" })).toContain("displayName: Acme\n");
});

test("a text that others wrote says nothing to the terminal", () => {
  expect(table(["NAME"], [["\u001B[31mred\u001B[0m\rAcme\u202E"]])).toBe("NAME\nred�Acme�\n");
});
