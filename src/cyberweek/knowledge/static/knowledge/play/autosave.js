// Sends the answers a moment after they change, and again until they arrive. `tell` hears "saving", "saved",
// "kept" (not sent yet; with the error) and "refused".
import { Offline, Refused, waitFor } from "./api.js";

const QUIET_MS = 800;

export class Autosave {
  #send;
  #tell;
  #timer = 0;
  #failures = 0;
  #notBefore = 0; // on the page's steady clock: another answer ticked is no reason to ask sooner than the arena said
  #sending = false;
  #waiting = false; // something has changed since the last send began
  #over = false;
  #offline = false;

  constructor(send, tell) {
    this.#send = send;
    this.#tell = tell;
    addEventListener("online", () => this.#networkIsBack());
  }

  touch() {
    this.#waiting = true;
    this.#plan(QUIET_MS);
  }

  stop() {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  get pending() {
    return this.#waiting || this.#sending;
  }

  async now() {
    clearTimeout(this.#timer);
    if (this.#over || this.#sending || !this.#waiting) return;
    this.#sending = true;
    this.#waiting = false;
    try {
      await this.#send();
      this.#failures = 0;
      this.#notBefore = 0;
      if (!this.#over) this.#tell("saved");
    } catch (error) {
      this.#failed(error);
    }
    this.#sending = false;
    if (this.#waiting) this.#plan(QUIET_MS);
  }

  #failed(error) {
    if (this.#over) return;
    if (error instanceof Refused) {
      this.stop();
      this.#tell("refused", error);
      return;
    }
    this.#notBefore = performance.now() + waitFor(error, this.#failures) * 1000;
    this.#offline = error instanceof Offline;
    this.#failures += 1;
    this.#waiting = true;
    this.#tell("kept", error);
  }

  #networkIsBack() {
    if (!this.#waiting || !this.#offline) return;
    this.#notBefore = 0;
    this.#plan(Math.random() * 1000);
  }

  #plan(ms) {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), Math.max(ms, this.#notBefore - performance.now()));
  }
}
