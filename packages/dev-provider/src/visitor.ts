/** Somebody with a browser, as far as signing in goes: cookies, redirects and forms. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  /** Follows redirects to a page, or to the first address that begins so. @returns where it ends, and the page */
  async open(address: string, until?: string): Promise<Opened> {
    return this.#follow(address, undefined, until);
  }

  /** Sends the form of a page with what is filled in. */
  async send(page: Opened, filled: Fields, until?: string): Promise<Opened> {
    const [, tag = ""] = /<form\b([^>]*)>/.exec(page.text) ?? [];
    const action = attribute(tag, "action") ?? "";
    const fields = new URLSearchParams({ ...hiddenFields(page.text), ...filled });
    return this.#follow(new URL(action, page.address).href, fields, until);
  }

  async #follow(
    address: string,
    body: URLSearchParams | undefined,
    until: string | undefined,
  ): Promise<Opened> {
    let [next, form] = [address, body];
    for (let hops = 0; hops < 20; hops += 1) {
      if (until !== undefined && next.startsWith(until)) return { address: next, text: "" };
      const answer = await fetch(next, {
        redirect: "manual",
        headers: { cookie: this.#cookieHeader() },
        ...(form && { method: "POST", body: form }),
      });
      this.#keepCookies(answer);
      const location = answer.headers.get("location");
      if (location === null) return pageOf(next, answer);
      [next, form] = [new URL(location, next).href, undefined];
    }
    throw new Error(`${address} leads nowhere`);
  }

  #cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keepCookies(answer: Response): void {
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** A page that was reached. */
export interface Opened {
  readonly address: string;
  readonly text: string;
}

type Fields = Readonly<Record<string, string>>;

async function pageOf(address: string, answer: Response): Promise<Opened> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${address} answers with ${answer.status}: ${text}`);
  return { address, text };
}

function hiddenFields(page: string): Fields {
  const inputs = [...page.matchAll(/<input\b([^>]*)>/g)].map(([, tag = ""]) => tag);
  const hidden = inputs.filter((tag) => attribute(tag, "type") === "hidden");
  return Object.fromEntries(
    hidden.map((tag) => [attribute(tag, "name") ?? "", attribute(tag, "value") ?? ""]),
  );
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
}
