import { isList, isObject, type Json, type JsonObject } from "./manifest.ts";

/**
 * Lists of Kubernetes whose elements are told apart by a field, by the name of the list. All others are replaced as
 * a whole. `ports` of a container go by `containerPort`, of a service by `port`.
 */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  ports: ["containerPort", "port"],
};

/** A strategic merge patch, as far as the manifests use it: objects, lists of named elements, `$patch: delete`. */
export function mergePatch(base: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...base };
  for (const [key, change] of Object.entries(patch)) {
    const former = base[key];
    if (change === null) delete merged[key];
    else if (isObject(change) && isObject(former)) merged[key] = mergePatch(former, change);
    else if (isList(change) && isList(former)) merged[key] = mergeLists(key, former, change);
    else merged[key] = change;
  }
  return merged;
}

function mergeLists(name: string, base: readonly Json[], patch: readonly Json[]): readonly Json[] {
  const key = KEYS[name]?.find((field) => patch.every((one) => isObject(one) && field in one));
  if (key === undefined) return patch;
  let merged = base;
  for (const change of patch) {
    if (!isObject(change)) throw new Error(`${name}: an element of a patch is no object`);
    const { $patch: directive, ...fields } = change;
    const isSame = (one: Json) => isObject(one) && one[key] === change[key];
    if (directive === "delete") merged = merged.filter((one) => !isSame(one));
    else if (directive !== undefined) throw new Error(`${name}: $patch is not known`);
    else if (merged.some(isSame))
      merged = merged.map((one) => (isSame(one) ? mergePatch(one as JsonObject, fields) : one));
    else merged = [...merged, fields];
  }
  return merged;
}
