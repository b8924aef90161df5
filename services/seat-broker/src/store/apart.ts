import { AsyncLocalStorage } from "node:async_hooks";
import type { Apart } from "../use-cases/self-clocked.ts";

/** In the context of where this is called: outside every call and its trace. */
export function apartFromHere(): Apart {
  const here = AsyncLocalStorage.snapshot();
  return (work, when) => {
    here(() => {
      if (when === "now") work();
      else setImmediate(work);
    });
  };
}
