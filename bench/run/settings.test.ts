import { describe, expect, it } from "vitest";
import { planOf } from "./settings.ts";

describe("the command line", () => {
  it("measures in full unless told otherwise", () => {
    const { names, settings } = planOf([]);
    expect(names).toEqual([]);
    expect(settings).toMatchObject({ quick: false, seats: 1_000_000, seatsMs: 300_000 });
  });

  it("may be quick, and as small as one likes", () => {
    const { names, settings } = planOf([
      "million",
      "--quick",
      "--seats",
      "500",
      "--minutes",
      "0.1",
    ]);
    expect(names).toEqual(["million"]);
    expect(settings).toMatchObject({ quick: true, seats: 500, seatsMs: 6_000 });
  });

  it("kills a seat-broker in a bar of its own", () => {
    expect(planOf(["million", "--kill-broker"]).names).toEqual(["million-killed"]);
  });

  it("makes certificates only where none are given", () => {
    const files = ["--tls-certificate", "c", "--tls-key", "k", "--tls-authorities", "a"];
    expect(planOf([]).makesTls).toBe(false);
    expect(planOf(["--tls"]).makesTls).toBe(true);
    expect(planOf(["--tls", ...files]).makesTls).toBe(false);
    expect(planOf(files).settings.tls).toEqual({ certificate: "c", key: "k", authorities: "a" });
  });

  it.each([
    [["--rounds", "0"], "--rounds must be more than 0"],
    [["--seconds", "soon"], "--seconds must be more than 0"],
    [["--durability", "some"], "--durability must be one of"],
    [["--tls-key", "key.pem"], "belong together"],
    [["--fast"], "--fast"],
  ])("refuses %j", (args, message) => {
    expect(() => planOf(args)).toThrow(message);
  });
});
