import type { HttpAdapter } from "./http-adapter.ts";

const JSON_HEADERS = { "content-type": "application/json" };

/** A peer whose claims are resources: POST /claims, PUT /claims/{id}/heartbeat, DELETE /claims/{id}. */
export const adapter: HttpAdapter = {
  claim: (holder) => ({
    method: "POST",
    path: "/claims",
    headers: JSON_HEADERS,
    body: JSON.stringify({ holder: `bench-${holder}` }),
  }),
  granted: (body) => {
    const { id } = JSON.parse(body) as { readonly id?: unknown };
    if (typeof id !== "string") throw new Error("the answer names no claim");
    return id;
  },
  heartbeat: (claim) => ({ method: "PUT", path: `/claims/${encodeURIComponent(claim)}/heartbeat` }),
  release: (claim) => ({ method: "DELETE", path: `/claims/${encodeURIComponent(claim)}` }),
};
