// A stream that comes back by itself. The browser's own retry gives up on an error page and does not notice a line that
// went dead, so each connection is ours: silence or an error closes it, and the next try waits longer, up to half a minute.
const SILENCE = 10_000, LONGEST = 30_000;

/** Calls `onSnapshot(data)` for each snapshot and `onLost()` when the stream breaks. Returns a function that ends it. */
export function follow(address, { onSnapshot, onLost }) {
  let source, watch, retry, tries = 0, ended = false;

  function open() {
    if (ended) return;
    source = new EventSource(address);
    source.addEventListener("snapshot", (event) => {
      tries = 0;
      listen();
      onSnapshot(JSON.parse(event.data));
    });
    source.addEventListener("error", lose);
    listen();
  }

  function listen() {
    clearTimeout(watch);
    watch = setTimeout(lose, SILENCE);
  }

  function lose() {
    close();
    onLost();
    const pause = Math.min(LONGEST, 1000 * 2 ** tries++);
    retry = setTimeout(open, pause * (0.75 + Math.random() / 2)); // not everybody in the same second
  }

  function close() {
    clearTimeout(watch);
    clearTimeout(retry);
    source?.close();
  }

  addEventListener("online", () => {
    if (ended || source?.readyState === EventSource.OPEN) return;
    close();
    open();
  });
  open();
  return () => {
    ended = true;
    close();
  };
}
