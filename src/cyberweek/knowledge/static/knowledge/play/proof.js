// The work that stands before a passport. It begins when somebody turns to the form, and is done before they are.
import { arena, persist } from "./api.js";
import { solve } from "./sum.js";

// Refusals after which another proof helps: it was too old, used, or the network got busy.
export const RENEWABLE = new Set(["no-proof", "bad-proof", "proof-expired", "proof-used", "weak-proof"]);

function beside(worker, challenge) {
  return new Promise((done, failed) => {
    worker.onmessage = ({ data }) => (data?.derivedKey ? done(data) : failed(new Error("no solution")));
    worker.onerror = () => failed(new Error("no worker"));
    worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, counterMode: "uint32", timeout: 0 });
  }).finally(() => worker.terminate());
}

const breath = () => new Promise((done) => setTimeout(done));

// The browser's own PBKDF2 in a worker; without it (no https) the plain one in a worker; without workers in the page.
async function solution(challenge, { native, plain }) {
  const ways = [];
  if (globalThis.Worker && globalThis.crypto?.subtle) ways.push(() => beside(new Worker(native), challenge));
  if (globalThis.Worker) ways.push(() => beside(new Worker(plain, { type: "module" }), challenge));
  for (const way of ways) {
    try {
      return await way();
    } catch {
      // the next way is slower and asks less of the browser
    }
  }
  return solve(challenge.parameters, breath);
}

export class Proof {
  #workers;
  #tell;
  #text = null;

  // `tell(true)` while it works, `tell(false)` when it is done.
  constructor(workers, tell) {
    this.#workers = workers;
    this.#tell = tell;
  }

  start() {
    this.#text ??= this.#make();
  }

  get text() {
    this.start();
    return this.#text;
  }

  renew() {
    this.#text = null;
  }

  async #make() {
    this.#tell(true);
    try {
      const challenge = await persist(() => arena.challenge());
      return btoa(JSON.stringify({ challenge, solution: await solution(challenge, this.#workers) }));
    } catch (error) {
      this.#text = null;
      throw error;
    } finally {
      this.#tell(false);
    }
  }
}
