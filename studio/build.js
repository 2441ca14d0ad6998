// Bundles the studio into one script and one style sheet: node build.js [FOLDER]
// The script's first line is a digest of all that it was made from, by which a test sees whether
// somebody has changed a source and not built.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const sources = readdirSync(join(here, "src")).sort().map((name) => join("src", name));
const digest = createHash("sha256");
for (const name of ["build.js", "package-lock.json", ...sources]) {
  digest.update(readFileSync(join(here, name)));
}

await build({
  entryPoints: ["src/studio.js"],
  outdir: process.argv[2] ?? "../src/hypertransport/serving/pages",
  absWorkingDir: here,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  loader: { ".svg": "text" },
  legalComments: "none", // NOTICE has the licences
  banner: { js: `// Made of studio/ by \`make studio\`: ${digest.digest("hex")}` },
  logLevel: "warning",
});
