// Follows a final: the stream where there is one, else asking every second. Every message is the whole state, so
// whatever was missed costs nothing. `onLink` is told "connected", "polling" or "lost".
const SILENCE = 9000; // the server says something every four seconds
const AGAIN = 15000;

let ahead = -Infinity;

/** Now on the server's clock: messages only ever arrive late, so the largest difference seen is the truest. */
export const serverNow = () => Date.now() + (ahead === -Infinity ? 0 : ahead);

export function follow({ stream, state, onState, onNonce = () => {}, onLink }) {
  let source = null;
  let heard = performance.now();
  let opened = 0;
  let streaming = false;
  let asking = false;
  let newest = -1;

  function take(body) {
    heard = performance.now();
    if (body.now) ahead = Math.max(ahead - 2, body.now - Date.now());
    if (body.nonce) onNonce(body.nonce);
    if (body.number === undefined || body.number < newest) return; // an answer overtaken by a newer message
    newest = body.number;
    onState(body);
  }

  function open() {
    source?.close();
    opened = performance.now();
    source = new EventSource(stream);
    source.addEventListener("state", (event) => {
      streaming = true;
      take(JSON.parse(event.data));
      onLink("connected");
    });
    source.addEventListener("ping", (event) => {
      streaming = true;
      const { nonce, now } = JSON.parse(event.data);
      take({ nonce, now });
      onLink("connected");
    });
    source.addEventListener("error", () => {
      streaming = false;
      ask();
    });
  }

  async function ask() {
    if (asking || streaming) return;
    asking = true;
    try {
      const answer = await fetch(state, { cache: "no-store", signal: AbortSignal.timeout(4000) });
      if (!answer.ok) throw new Error(String(answer.status));
      take(await answer.json());
      if (!streaming) onLink("polling");
    } catch {
      if (performance.now() - heard > 2500) onLink("lost");
    }
    asking = false;
  }

  setInterval(() => {
    if (performance.now() - heard > SILENCE) streaming = false;
    if (!streaming) ask();
    if (!streaming && performance.now() - opened > AGAIN) open();
  }, 1000);
  const wake = () => {
    if (document.hidden) return;
    ask();
    if (!streaming || performance.now() - heard > SILENCE) open();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", () => { streaming = false; wake(); });
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  addEventListener("offline", () => { streaming = false; onLink("lost"); });
  open();
  return { take };
}

/** POST as JSON. Gives {ok, body}; throws where no answer came. */
export async function post(url, body) {
  const csrf = document.querySelector("input[name=csrfmiddlewaretoken]")?.value;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(csrf ? { "x-csrftoken": csrf } : {}) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(6000),
  });
  return { ok: answer.ok, body: await answer.json().catch(() => ({})) };
}

// crypto.randomUUID wants https, and a hall may have none.
export function freshToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
