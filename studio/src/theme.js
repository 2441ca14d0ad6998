// Light or dark, as the reader's system has it, now and when it changes.

const dark = matchMedia("(prefers-color-scheme: dark)");
const apply = () => document.documentElement.classList.toggle("wa-dark", dark.matches);
dark.addEventListener("change", apply);
apply();
