// The prizes that wait for this phone's passport, as links. Their addresses are told to whoever holds it, to nobody else.
const template = (root) => root.querySelector("template").content.firstElementChild;

function linkTo(claim, root) {
  const row = template(root).cloneNode(true);
  const link = row.querySelector("a");
  link.href = claim.address;
  row.querySelector("[data-purpose]")?.replaceChildren(claim.purpose);
  for (const part of row.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "claimed") !== claim.claimed;
  return row;
}

// Fills `root`: data-prizes is the address to ask, data-award names the one prize that is meant, if only one is.
export async function showPrizes(root, passport) {
  const list = root.querySelector("[data-list]");
  list.replaceChildren();
  root.hidden = true;
  if (!passport) return;
  try {
    const answer = await fetch(root.dataset.prizes, { headers: { Authorization: `Bearer ${passport}` } });
    if (!answer.ok) return; // a passport that has run out has nothing waiting
    const { claims } = await answer.json();
    const meant = claims.filter((claim) => !root.dataset.award || claim.award === root.dataset.award);
    list.replaceChildren(...meant.map((claim) => linkTo(claim, root)));
    root.hidden = meant.length === 0;
  } catch {
    // no network: the page says what it said before
  }
}
