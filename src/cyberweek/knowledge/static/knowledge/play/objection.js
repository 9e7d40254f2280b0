// The passport of this browser goes into its field; whoever wants another one's types over it.
import { passport } from "./store.js";

const field = document.querySelector('[data-objection] [name="passport"]');
const mine = passport.get();
if (field && mine && !field.value) field.value = mine.passport;
