import { AsyncLocalStorage } from "node:async_hooks";
import type { Later } from "../use-cases/self-clocked.ts";

/** Later, in the context of where this is called: outside every call and its trace. */
export function laterFromHere(): Later {
  const here = AsyncLocalStorage.snapshot();
  return (work) => {
    here(() => setImmediate(work));
  };
}
