// The plain sum beside the page, asked as ALTCHA's own worker is asked.
import { solve } from "./sum.js";

addEventListener("message", async ({ data }) => {
  if (data.type === "work") postMessage(await solve(data.challenge.parameters));
});
