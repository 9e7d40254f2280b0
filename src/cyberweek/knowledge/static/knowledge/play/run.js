// An endless run: one question, one final answer, until the first error. The answer on its way is kept, so that a reload
// sends the same one again; the arena answers it as it did the first time.
import { arena, persist } from "./api.js";
import { $, $$, announce, clone, fill, language, say, settings } from "./page.js";
import { badge } from "./ring.js";

const LETTERS = "ABCDEFGH";

export class Run {
  #kept;
  #on;
  #sending = false;

  // `kept`: the store's paper; `on`: {ended(turn), refused(error), waiting(...), giveUp()}
  constructor(kept, on) {
    this.#kept = kept;
    this.#on = on;
    const form = $("[data-run]");
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#answer();
    };
    $("[data-give-up]").onclick = () => !this.#sending && on.giveUp();
    this.#draw(false);
    if (kept.get().pending) this.#send();
  }

  #draw(focus = true) {
    const { items, lang } = this.#kept.get();
    const place = items.length - 1;
    const item = items[place];
    const hint = { multiple: say("chooseAll"), "true-false": say("trueOrFalse") }[item.kind] ?? say("chooseOne");
    const row = fill(clone("item-template"), { n: place + 1, of: settings.items, stem: item.stem, hint });
    $("[data-flag]", row).remove();
    drawTopic($("[data-topic]", row), place);
    $("[data-options]", row).append(
      ...item.options.map((option, i) => {
        const line = fill(clone("option-template"), { key: LETTERS[i], text: option.text });
        Object.assign($("input", line), {
          type: item.kind === "multiple" ? "checkbox" : "radio", name: `answer-${item.id}`, value: option.id,
        });
        return line;
      }),
    );
    const list = $("[data-run-item]");
    list.replaceChildren(row);
    if (lang && lang !== language) list.lang = lang;
    fill(document, { streak: place, runHint: say("runHint") });
    document.title = `${say("question", { n: place + 1 })} · ${$("h1").textContent}`;
    if (!focus) return;
    $("fieldset", row).focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #answer() {
    if (this.#sending) return;
    const answer = $$("[data-run-item] input:checked").map((box) => box.value);
    if (answer.length === 0) {
      fill(document, { runHint: say("runChoose") });
      announce(say("runChoose"));
      return;
    }
    this.#kept.change((paper) => ({ ...paper, pending: { item: paper.items.at(-1).id, answer } }));
    this.#send();
  }

  async #send() {
    this.#sending = true;
    const { attempt, ticket, pending } = this.#kept.get();
    for (const box of $$("[data-run-item] input")) {
      box.checked = pending.answer.includes(box.value);
      box.disabled = true;
    }
    fill(document, { runHint: say("runSending") });
    $("[data-answer]").setAttribute("aria-busy", "true");
    try {
      this.#take(await persist(() => arena.step({ attempt, ticket, ...pending }), this.#on.waiting), pending);
    } catch (error) {
      this.#on.refused(error);
    } finally {
      this.#sending = false;
      $("[data-answer]").removeAttribute("aria-busy");
      for (const line of $$("[data-waiting]")) line.hidden = true;
    }
  }

  #take(turn, { item, answer }) {
    this.#kept.change((paper) => ({
      ...paper,
      answers: { ...paper.answers, [item]: answer },
      pending: null,
      ...(turn.item && { ticket: turn.ticket, items: [...paper.items, turn.item] }),
    }));
    if (turn.result) {
      this.#on.ended(turn.result);
      return;
    }
    announce(say("runRight", { n: turn.streak }));
    this.#draw();
  }
}

function drawTopic(place, index) {
  const topics = settings.topics.flatMap((topic, i) => Array.from({ length: topic.count }, () => ({ ...topic, i })));
  const topic = topics[index];
  if (!topic) {
    place.remove();
    return;
  }
  place.dataset.day = topic.hue;
  place.append(badge(topic.i, settings.topics.length), topic.name);
}
