// The arena's API v1. What is no answer is one of three errors, and each says what to do next.
import { language } from "./page.js";

const BASE = "/arena/v1";
const PATIENCE_MS = 15_000;
const LONGEST_WAIT = 30;

// The arena understood and said no: asking again is of no use. `kind` is the last word of the problem's type.
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    this.status = status;
    this.kind = kindOf(problem);
  }
}

const kindOf = (problem) => String(problem.type ?? "").split(":").pop();

// The arena is there and cannot now: ask again, not before `seconds`. `kind` as above, empty when something else answered.
export class Busy extends Error {
  constructor(seconds, kind = "") {
    super("busy");
    this.seconds = seconds;
    this.kind = kind;
  }
}

// No answer came.
export class Offline extends Error {}

// The arena's clock, as far as its answers tell: phones are often minutes off, deadlines are not.
let ahead = 0;
let heard = null; // both clocks of this phone when the arena last answered
export const clock = {
  now: () => Date.now() + ahead,
  // True when this phone's clock has been set, or has slept, since the arena last answered; or it has not answered yet.
  get doubtful() {
    return !heard || Math.abs(Date.now() - heard.wall - (performance.now() - heard.steady)) > 2000;
  },
  get ahead() {
    return ahead;
  },
  set ahead(ms) {
    ahead = ms;
  },
};

function heedClock(response, sent) {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  const received = Date.now();
  heard = { wall: received, steady: performance.now() };
  const estimate = said + 500 - (sent + received) / 2; // the header has whole seconds
  const doubt = (received - sent) / 2 + 1000;
  if (Math.abs(estimate - ahead) > doubt) ahead = estimate;
}

function retryAfter(response) {
  const said = response.headers.get("retry-after");
  if (!said) return 0;
  const seconds = Number(said);
  return Number.isFinite(seconds) ? seconds : Math.max(0, (Date.parse(said) - Date.now()) / 1000) || 0;
}

async function call(method, path, { body, bearer, keepalive = false } = {}) {
  const headers = { "Accept-Language": language };
  if (body) headers["Content-Type"] = "application/json";
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  const sent = Date.now();
  const abort = new AbortController();
  const patience = setTimeout(() => abort.abort(), PATIENCE_MS);
  let response;
  let answer = null;
  try {
    response = await fetch(BASE + path, {
      method, headers, keepalive, signal: abort.signal,
      body: body && JSON.stringify(body), cache: "no-store", credentials: "omit",
    });
    if (response.status !== 204) answer = await response.json().catch(() => (response.ok ? Promise.reject() : {}));
  } catch {
    throw new Offline("no answer");
  } finally {
    clearTimeout(patience);
  }
  heedClock(response, sent);
  if (response.ok) return answer;
  // A 429 that asks to come back tomorrow is a no.
  const soon = response.status === 429 && retryAfter(response) <= LONGEST_WAIT;
  if (response.status >= 500 || soon) throw new Busy(retryAfter(response), kindOf(answer ?? {}));
  throw new Refused(response.status, answer ?? {});
}

export const arena = {
  challenge: () => call("GET", "/challenge"),
  issue: (application) => call("POST", "/passports", { body: application }),
  start: (contest, bearer, code) =>
    call("POST", `/contests/${contest}/attempts`, { bearer, body: code ? { code } : undefined }),
  step: ({ attempt, ticket, item, answer }) => call("POST", `/attempts/${attempt}/step`, { body: { ticket, item, answer } }),
  // The number is that of these answers: sent again with it, they are saved once.
  save: ({ attempt, ticket, answers, number }, keepalive = false) =>
    call("PUT", `/attempts/${attempt}/answers`, { body: { ticket, answers, number }, keepalive }),
  submit: ({ attempt, ticket, answers }) => call("POST", `/attempts/${attempt}/submit`, { body: { ticket, answers } }),
  // Any request that carries the passport tells whether it holds.
  check: async (bearer) => {
    const { contests } = await call("GET", "/contests");
    if (contests.length) await call("GET", `/contests/${contests[0].slug}/standing`, { bearer });
  },
  standing: (contest, region, bearer) =>
    call("GET", `/contests/${contest}/standing?region=${encodeURIComponent(region)}`, { bearer }),
};

// Seconds to wait before try `failures` + 1: doubling, never less than the arena asked for, spread so that a crowd
// that lost its network together does not come back together.
export function waitFor(error, failures) {
  const backoff = Math.min(LONGEST_WAIT, 2 ** failures);
  return error instanceof Busy && error.seconds
    ? Math.max(error.seconds, backoff / 2) * (1 + Math.random() / 2)
    : backoff * (0.5 + Math.random() / 2);
}

// A pause that ends early when `wake` is called, and when the network comes back if that is what was `missed`.
export function pause(seconds, missed = true) {
  let wake;
  const over = new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    const back = () => setTimeout(done, Math.random() * 1000);
    if (missed) addEventListener("online", back, { once: true });
    wake = () => {
      clearTimeout(timer);
      removeEventListener("online", back);
      done();
    };
  });
  return { over, wake };
}

// Sends until there is an answer or a refusal. `waiting(error, seconds, wake)` hears of each pause.
export async function persist(send, waiting = () => {}) {
  for (let failures = 0; ; failures += 1) {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Refused) throw error;
      const seconds = waitFor(error, failures);
      const { over, wake } = pause(seconds, error instanceof Offline);
      waiting(error, seconds, wake);
      await over;
    }
  }
}
