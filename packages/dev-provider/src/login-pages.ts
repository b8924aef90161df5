import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import type { People } from "./people.ts";

/** Where people sign in: this, and the id of what they do. */
export const LOGIN_PATH = "/sign-in/";

const MOST_BYTES = 4_096;

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>Sign in</title>
<style>body{font:1rem sans-serif;max-width:22rem;margin:4rem auto}input,button{font:inherit;margin:.3rem 0;width:100%}[type=checkbox]{width:auto}</style>
<h1>Sign in</h1>
<p>For development: whoever you say you are, you are.</p>
<form method="post" action="">
<label>Email <input name="email" type="email" value="" required autofocus></label>
<label>Name <input name="name" value=""></label>
<label><input name="unverified" type="checkbox" value="yes"> the address is not verified</label>
<button>Sign in</button>
</form>
`;

/** Asks whether a device may sign in that shows a code. */
export function devicePage(form: string, code: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>Sign in a device</title>
<h1>Sign in a device</h1>
<p>Go on if it shows <code>${code}</code>.</p>
${form}
<button form="op.deviceConfirmForm">Go on</button>
`;
}

/** What is shown once a device was let on. */
export const DEVICE_DONE = `<!doctype html>
<meta charset="utf-8">
<title>Signed in</title>
<p>The device is signed in. You can close this page.</p>
`;

/** The page that asks who somebody is, and believes it. */
export function loginPages(
  provider: Provider,
  people: People,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    try {
      if (request.method === "POST") await signIn(provider, people, request, response);
      else response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    } catch (thrown) {
      const what = thrown instanceof Error ? thrown.message : "?";
      response.writeHead(400, { "content-type": "text/plain" }).end(`${what}\n`);
    }
  };
}

async function signIn(
  provider: Provider,
  people: People,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const email = form.get("email") ?? "";
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error("who are you? Tell an email address");
  const accountId = people.remember({
    email,
    name: form.get("name") || email,
    emailVerified: form.get("unverified") === null,
  });
  await provider.interactionFinished(request, response, { login: { accountId } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MOST_BYTES) throw new Error("that is too long");
  }
  return body;
}
