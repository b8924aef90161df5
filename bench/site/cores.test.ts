import { describe, expect, it } from "vitest";
import { coresOf, pinned } from "./cores.ts";

describe("processors", () => {
  it("are kept apart for server and load where there are two", () => {
    expect(coresOf(2, true)).toEqual({ kind: "pinned", server: "0", load: "1", all: "0-1" });
    expect(coresOf(8, true)).toEqual({ kind: "pinned", server: "0", load: "1-7", all: "0-7" });
  });

  it("are left alone where there is one, or nothing to pin with", () => {
    expect(coresOf(1, true).kind).toBe("free");
    expect(coresOf(8, false).kind).toBe("free");
    expect(pinned(coresOf(1, true).server, "node", ["x"])).toEqual({
      command: "node",
      args: ["x"],
    });
  });
});
