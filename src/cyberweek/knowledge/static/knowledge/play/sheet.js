// The paper on the screen: one question at a time or all of them, the map of dots, flags, keys.
import { $, $$, clone, fill, language, say } from "./page.js";
import { badge } from "./ring.js";
import { choice, keys } from "./store.js";

const LETTERS = "ABCDEFGH";

export class Sheet {
  #paper;
  #on;
  #items = [];
  #dots = [];
  #at = 0;
  #all = choice.get("all") === true;

  // `on`: {answer(id, options), flag(id, wanted), move(index), handIn()}
  constructor(paper, on) {
    this.#paper = paper;
    this.#on = on;
    this.#draw();
    this.#listen();
    this.take(paper);
    this.#arrange();
    // Whoever pressed Start goes on in the item and hears it; a page that was loaded takes the focus from nobody.
    this.goTo(Math.min(paper.at ?? 0, paper.items.length - 1), { focus: document.activeElement !== document.body });
  }

  // The paper as the store has it: after a reload, or changed in another tab.
  take(paper) {
    this.#paper = paper;
    for (const [i, item] of paper.items.entries()) {
      const chosen = paper.answers[item.id] ?? [];
      for (const box of $$("input", this.#items[i])) box.checked = chosen.includes(box.value);
      $("[data-flag]", this.#items[i]).setAttribute("aria-pressed", paper.flags.includes(item.id));
      this.#tellDot(i);
    }
    this.#tellFlag();
  }

  goTo(index, { focus = true } = {}) {
    this.#at = Math.max(0, Math.min(index, this.#items.length - 1));
    if (!this.#all) for (const [i, item] of this.#items.entries()) item.hidden = i !== this.#at;
    for (const [i, dot] of this.#dots.entries()) {
      if (i === this.#at && !this.#all) dot.setAttribute("aria-current", "step");
      else dot.removeAttribute("aria-current");
    }
    const last = this.#at === this.#items.length - 1;
    this.#tellFlag();
    $("[data-back]").disabled = this.#at === 0;
    $("[data-next]").hidden = last || this.#all;
    $("[data-finish]").hidden = !last && !this.#all;
    if (!this.#all) document.title = `${say("question", { n: this.#at + 1 })} · ${$("h1").textContent}`;
    this.#on.move(this.#at);
    if (!focus) return;
    const fieldset = $("fieldset", this.#items[this.#at]);
    fieldset.focus({ preventScroll: true });
    if (this.#all) fieldset.scrollIntoView({ block: "start" });
    else scrollTo(0, 0);
  }

  #draw() {
    const { items, lang, topics } = this.#paper;
    const list = $("[data-items]");
    const map = $("[data-dots]");
    const topicOf = topics.flatMap((topic, place) => Array.from({ length: topic.count }, () => ({ ...topic, place })));
    this.#items = items.map((item, i) => this.#drawItem(item, i, topicOf.length === items.length && topicOf[i]));
    this.#dots = items.map((_item, i) => this.#drawDot(i));
    list.replaceChildren(...this.#items);
    map.replaceChildren(...this.#dots.map((dot) => dot.parentElement));
    if (lang && lang !== language) list.lang = lang;
  }

  #drawItem(item, index, topic) {
    const hint = { multiple: say("chooseAll"), "true-false": say("trueOrFalse") }[item.kind] ?? say("chooseOne");
    const element = fill(clone("item-template"), { n: index + 1, of: this.#paper.items.length, stem: item.stem, hint });
    element.id = `item-${index + 1}`;
    const place = $("[data-topic]", element);
    if (topic) {
      place.dataset.day = topic.hue;
      place.append(badge(topic.place, this.#paper.topics.length), topic.name);
    } else {
      place.remove();
    }
    $("[data-options]", element).append(
      ...item.options.map((option, i) => {
        const row = fill(clone("option-template"), { key: LETTERS[i], text: option.text });
        const box = $("input", row);
        box.type = item.kind === "multiple" ? "checkbox" : "radio";
        box.name = `answer-${item.id}`;
        box.value = option.id;
        return row;
      }),
    );
    $("[data-flag]", element).addEventListener("click", () => this.#flag(index));
    return element;
  }

  #drawDot(index) {
    const row = clone("dot-template");
    const dot = $("a", row);
    dot.href = `#item-${index + 1}`;
    $("[data-n]", dot).textContent = index + 1;
    return dot;
  }

  #tellDot(index) {
    const { id } = this.#paper.items[index];
    const done = (this.#paper.answers[id] ?? []).length > 0;
    const flagged = this.#paper.flags.includes(id);
    const dot = this.#dots[index];
    dot.dataset.s = done ? "done" : "todo";
    dot.toggleAttribute("data-flagged", flagged);
    const said = [say("question", { n: index + 1 }), say(done ? "answered" : "notAnswered"), flagged && say("flagged")];
    $("[data-said]", dot).textContent = said.filter(Boolean).join(say("comma"));
  }

  #tellFlag() {
    const { id } = this.#paper.items[this.#at];
    $("[data-flag-this]").setAttribute("aria-pressed", this.#paper.flags.includes(id));
  }

  #listen() {
    const form = $("[data-sheet]");
    form.addEventListener("change", (event) => {
      const index = this.#items.findIndex((item) => item.contains(event.target));
      if (index >= 0) this.#answered(index);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#all || this.#at === this.#items.length - 1) this.#on.handIn();
      else this.goTo(this.#at + 1);
    });
    $("[data-back]").addEventListener("click", () => this.goTo(this.#at - 1));
    for (const button of $$("[data-hand-in]")) button.addEventListener("click", () => this.#on.handIn());
    $("[data-flag-this]").addEventListener("click", () => this.#flag(this.#at));
    $("[data-dots]").addEventListener("click", (event) => {
      const index = this.#dots.findIndex((dot) => dot.contains(event.target));
      if (index < 0) return;
      event.preventDefault();
      this.goTo(index);
    });
    $("[data-all]").addEventListener("click", () => {
      this.#all = !this.#all;
      choice.set("all", this.#all);
      this.#arrange();
      this.goTo(this.#at);
    });
    this.#listenToKeys();
  }

  #arrange() {
    $("[data-sheet]").toggleAttribute("data-all-shown", this.#all);
    $("[data-all]").setAttribute("aria-pressed", this.#all);
    for (const part of $$("[data-back], [data-flag-this]")) part.hidden = this.#all;
    for (const item of this.#items) {
      item.hidden = false;
      $("[data-flag]", item).hidden = !this.#all;
    }
  }

  #listenToKeys() {
    const box = $("[data-keys]");
    box.checked = keys.on;
    box.addEventListener("change", () => {
      keys.on = box.checked;
    });
    document.addEventListener("keydown", (event) => {
      if (!keys.on || this.#all || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
      if ($('[data-screen="play"]').hidden) return;
      const field = event.target.closest("input, textarea, select, [contenteditable]");
      if (field && !field.closest("[data-items]")) return;
      // In a group of radio buttons the arrows choose: they stay the browser's.
      if (field && event.key.startsWith("Arrow")) return;
      if (this.#press(event.key)) event.preventDefault();
    });
  }

  #press(key) {
    if (key === "ArrowLeft") this.goTo(this.#at - 1);
    else if (key === "ArrowRight") this.goTo(this.#at + 1);
    else if (key.toLowerCase() === "f") this.#flag(this.#at);
    else return this.#choose(/^[1-8]$/.test(key) ? Number(key) - 1 : "ABCDE".indexOf(key.toUpperCase()));
    return true;
  }

  #choose(place) {
    const box = $$("input", this.#items[this.#at])[place];
    if (!box) return false;
    box.checked = box.type === "radio" || !box.checked;
    this.#answered(this.#at);
    return true;
  }

  #answered(index) {
    const chosen = $$("input:checked", this.#items[index]).map((box) => box.value);
    this.#on.answer(this.#paper.items[index].id, chosen);
  }

  #flag(index) {
    const { id } = this.#paper.items[index];
    this.#on.flag(id, !this.#paper.flags.includes(id));
  }
}
