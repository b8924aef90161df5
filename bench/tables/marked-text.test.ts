import { describe, expect, it } from "vitest";
import { table, withMarked } from "./marked-text.ts";

describe("text between markers", () => {
  const page = "# Page\n\n<!-- a -->\n\nold\n\n<!-- /a -->\n\nrest\n";

  it("takes the place of what was there, and nothing else", () => {
    expect(withMarked(page, "a", "new\n")).toBe(page.replace("old", "new"));
    expect(withMarked(withMarked(page, "a", "new"), "a", "old")).toBe(page);
  });

  it("is not put where there are no markers", () => {
    expect(() => withMarked(page, "b", "new")).toThrow("there is no <!-- b -->");
  });
});

describe("a table", () => {
  it("has columns as wide as their cells", () => {
    expect(table(["a", "long head"], [["cell text", "b"]])).toBe(
      "| a         | long head |\n| --------- | --------- |\n| cell text | b         |",
    );
  });
});
