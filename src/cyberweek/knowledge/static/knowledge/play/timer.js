// The ring that empties. It counts by the arena's clock, so a phone that slept or was set wrong still ends on time.
// A screen reader hears five minutes, one minute and the end; not every second.
import { clock } from "./api.js";
import { $, announce, say } from "./page.js";
import { pathElement, segmentPath } from "./ring.js";

const SEGMENTS = 7;
const SHAPE = { inner: 66, gap: 6 };
const CALLS = [[300, "fiveMinutes"], [60, "oneMinute"]];

export class Timer {
  #element;
  #deadline;
  #length;
  #ended;
  #interval = 0;
  #last = Infinity;
  #segments;

  // `deadline` and `length` in milliseconds; `ended` is called once.
  constructor(element, { deadline, length, ended }) {
    this.#element = element;
    this.#deadline = deadline;
    this.#length = length;
    this.#ended = ended;
    this.#segments = this.#draw($("svg", element));
    this.#interval = setInterval(() => this.#tick(), 250);
    document.addEventListener("visibilitychange", () => this.#interval && this.#tick());
    element.hidden = false;
    this.#tick();
  }

  stop() {
    clearInterval(this.#interval);
    this.#interval = 0;
    this.#element.hidden = true;
  }

  #tick() {
    const left = Math.max(0, Math.ceil((this.#deadline - clock.now()) / 1000));
    if (left === this.#last) return;
    for (const [seconds, word] of CALLS) {
      if (left <= seconds && this.#last > seconds && Number.isFinite(this.#last)) announce(say(word));
    }
    this.#last = left;
    $("[data-clock]", this.#element).textContent =
      `${String(Math.floor(left / 60)).padStart(2, "0")}:${String(left % 60).padStart(2, "0")}`;
    this.#element.toggleAttribute("data-hurry", left <= 60);
    this.#empty(Math.min(1, (left * 1000) / this.#length) * SEGMENTS);
    if (left === 0) {
      this.stop();
      this.#ended();
    }
  }

  #draw(svg) {
    svg.replaceChildren();
    return Array.from({ length: SEGMENTS }, (_none, i) => {
      svg.append(pathElement("ring__track", segmentPath(i, SEGMENTS, SHAPE)));
      return svg.appendChild(pathElement("ring__seg", ""));
    });
  }

  // Every cut leans like the ends do: there is no notch at twelve.
  #empty(full) {
    this.#segments.forEach((path, i) => {
      const until = Math.min(1, Math.max(0, full - i));
      path.setAttribute("d", until > 0 ? segmentPath(i, SEGMENTS, { ...SHAPE, until }) : "");
    });
  }
}
