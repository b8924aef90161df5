import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { byKustomize, combination, COMBINATIONS } from "./combinations.ts";
import { jsonPatch } from "./render/json-patch.ts";
import { identity, isList, isObject, type Json, type Manifest } from "./render/manifest.ts";
import { mergePatch } from "./render/merge-patch.ts";

/** The same for manifests that differ in the order of fields, or of elements with names. */
function inOrder(value: Json): Json {
  if (isList(value)) {
    const elements = value.map(inOrder);
    const hasNames = elements.every(
      (one) => isObject(one) && ("name" in one || "mountPath" in one),
    );
    return hasNames
      ? elements.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : elements;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, inOrder(value[key]!)]),
  );
}

const byName = (manifests: readonly Manifest[]) =>
  Object.fromEntries(manifests.map((one) => [identity(one), inOrder(one)]));

test.each(COMBINATIONS)("%s is rendered as kustomize does, where there is one", (name) => {
  const rendered = byKustomize(name);
  const expected =
    rendered === undefined
      ? combination(name)
      : parseAllDocuments(rendered).map((one) => one.toJS() as Manifest);
  expect(byName(combination(name))).toEqual(byName(expected));
});

test("a merge patch changes named elements of a list, adds others and deletes some", () => {
  const base = { spec: { ports: [{ port: 1, name: "a" }, { port: 2 }], args: ["x"] } };
  const patch = {
    spec: {
      ports: [{ port: 1, $patch: "delete" }, { port: 3 }, { port: 2, name: "b" }],
      args: ["y"],
    },
  };
  expect(mergePatch(base, patch)).toEqual({
    spec: { ports: [{ port: 2, name: "b" }, { port: 3 }], args: ["y"] },
  });
});

test("a merge patch with null takes a field away", () => {
  expect(mergePatch({ a: 1, b: 2 }, { a: null })).toEqual({ b: 2 });
});

test("a JSON patch adds, replaces and removes", () => {
  const base = { spec: { list: [{ a: 1 }], gone: true } };
  expect(
    jsonPatch(base, [
      { op: "replace", path: "/spec/list/0/a", value: 2 },
      { op: "add", path: "/spec/new", value: "x" },
      { op: "remove", path: "/spec/gone" },
    ]),
  ).toEqual({ spec: { list: [{ a: 2 }], new: "x" } });
});

test.each([
  { op: "replace", path: "/spec/none", value: 1 },
  { op: "remove", path: "/none" },
  { op: "replace", path: "/spec/list/4/a", value: 1 },
  { op: "add", path: "/none/deep", value: 1 },
  { op: "add", path: "/spec/new" },
  { op: "test", path: "/spec/list", value: 1 },
] as const)("a step of a JSON patch that meets nothing is refused: %o", (operation) => {
  expect(() => jsonPatch({ spec: { list: [] } }, [operation])).toThrow(operation.path);
});
