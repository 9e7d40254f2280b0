// All that this browser keeps: one passport, the open paper of each contest, the last results. Nothing else does.
const PREFIX = "cyberweek.";
const MOST_RESULTS = 21;
const memory = new Map(); // where storage is off or full: it holds until the page is left

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function remove(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // there was nothing to remove
  }
}

function ours() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  } catch {
    return [...memory.keys()];
  }
}

export const passport = {
  get: () => read("passport"),
  set: (value) => write("passport", value),
  // The number of this browser stays: it says nothing of a person, and it is what shows that a phone took many passports.
  forget() {
    for (const key of ours()) if (key !== "device") remove(key);
  },
};

// A random number of this browser, sent when a passport is taken.
export function deviceToken() {
  const known = read("device");
  if (typeof known === "string" && /^[\w-]{22}$/.test(known)) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  write("device", made);
  return made;
}

// The open paper of a contest. `state`: "open" while it is written, "sending" from the moment it is handed in;
// from then on its answers never change, so that every retry sends the same.
export function paperOf(contest) {
  const key = `paper.${contest}.${passport.get()?.participant}`;
  return {
    get: () => read(key),
    set: (value) => write(key, value),
    clear: () => remove(key),
    change(how) {
      const now = read(key);
      if (!now) return null;
      const next = how(now);
      write(key, next);
      return next;
    },
    onElsewhere(listener) {
      addEventListener("storage", (event) => {
        if (event.key === PREFIX + key) listener(read(key));
      });
    },
  };
}

// Where a paper is redone until it is right: what the last try left to mend.
export function mendingOf(contest) {
  const key = `mending.${contest}.${passport.get()?.participant}`;
  return { get: () => read(key), set: (value) => write(key, value), clear: () => remove(key) };
}

export const results = {
  all: () => read(`results.${passport.get()?.participant}`) ?? [],
  find: (attempt) => results.all().find((one) => one.attempt === attempt),
  add(result) {
    const others = results.all().filter((one) => one.attempt !== result.attempt);
    let kept = [result, ...others].slice(0, MOST_RESULTS);
    while (!write(`results.${passport.get()?.participant}`, kept) && kept.length > 1) kept = kept.slice(0, -1);
  },
};

// Tries begun on this phone: {attempt, contest, day}. Another phone with the same passport has tries of its own.
export const tries = {
  on: (contest, day) => (read("tries") ?? []).filter((one) => one.contest === contest && one.day === day),
  note(attempt, contest, day) {
    const others = (read("tries") ?? []).filter((one) => one.attempt !== attempt);
    write("tries", [...others, { attempt, contest, day }].slice(-30));
  },
};

export const choice = {
  get: (name) => read(`choice.${name}`),
  set: (name, value) => write(`choice.${name}`, value),
};

// The same switch as the desk's: single keys act, or they do not.
export const keys = {
  get on() {
    try {
      return localStorage.getItem("keys") !== "off";
    } catch {
      return true;
    }
  },
  set on(wanted) {
    try {
      localStorage.setItem("keys", wanted ? "on" : "off");
    } catch {
      // it holds until the page is left
    }
  },
};
