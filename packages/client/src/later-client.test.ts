import type { MethodDefinition, ServiceDefinition } from "@leasehold/contracts";
import type { Client } from "@leasehold/rpc-client";
import { expect, test, vi } from "vitest";
import { laterClient } from "./later-client.ts";

const method = {} as MethodDefinition<string, string>;

const DEFINITION = {
  name: "Echo",
  fullName: "test.Echo",
  methods: {
    once: { ...method, requestStream: false, responseStream: false },
    told: { ...method, requestStream: false, responseStream: true },
    both: { ...method, requestStream: true, responseStream: true },
  },
} as const satisfies ServiceDefinition;

type Echo = Client<typeof DEFINITION>;

/** A client that says what it is asked; streams end when nothing more is sent. */
function echo() {
  const sent: string[] = [];
  const ended = Promise.withResolvers<void>();
  const once = vi.fn<Echo["once"]>((request) => Promise.resolve(`${request}!`));
  const told = vi.fn<Echo["told"]>((request) =>
    ReadableStream.from([`${request} 1`, `${request} 2`]),
  );
  const both = vi.fn<Echo["both"]>(() => ({
    send: (message) => void sent.push(message),
    end: () => ended.resolve(),
    async *[Symbol.asyncIterator]() {
      await ended.promise;
      yield* sent;
    },
  }));
  return { client: { once, told, both }, once, told, both };
}

test("calls wait for the client, and go with their options", async () => {
  const { client, once, told } = echo();
  const arriving = Promise.withResolvers<Echo>();
  const later = laterClient(DEFINITION, () => arriving.promise);
  const options = { signal: new AbortController().signal };
  const answer = later.once("ada", options);
  const stream = Array.fromAsync(later.told("ada", options));
  expect(once).not.toHaveBeenCalled();
  arriving.resolve(client);
  expect(await answer).toBe("ada!");
  expect(await stream).toEqual(["ada 1", "ada 2"]);
  expect(once).toHaveBeenCalledWith("ada", options);
  expect(told).toHaveBeenCalledWith("ada", options);
});

test("a stream is opened before it is read; what was sent by then comes first, in its order", async () => {
  const { client, both } = echo();
  const arriving = Promise.withResolvers<Echo>();
  const stream = laterClient(DEFINITION, () => arriving.promise).both();
  stream.send("a");
  stream.send("b");
  arriving.resolve(client);
  await vi.waitFor(() => expect(both).toHaveBeenCalledOnce());
  stream.send("c");
  stream.end();
  expect(await Array.fromAsync(stream)).toEqual(["a", "b", "c"]);
});

test("a stream that ends before its client is there sends what was sent before, and no more", async () => {
  const { client } = echo();
  const arriving = Promise.withResolvers<Echo>();
  const stream = laterClient(DEFINITION, () => arriving.promise).both();
  stream.send("a");
  stream.end();
  stream.send("too late");
  arriving.resolve(client);
  expect(await Array.fromAsync(stream)).toEqual(["a"]);
});

test("a client that never arrives is told to whoever calls", async () => {
  const later = laterClient(DEFINITION, () => Promise.reject(new Error("gone")));
  await expect(later.once("ada")).rejects.toThrow("gone");
  await expect(Array.fromAsync(later.told("ada"))).rejects.toThrow("gone");
  await expect(Array.fromAsync(later.both())).rejects.toThrow("gone");
});
