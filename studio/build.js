// Bundles the studio into one script and one style sheet: node build.js FOLDER

import { build } from "esbuild";

await build({
  entryPoints: ["src/studio.js"],
  outdir: process.argv[2] ?? "../src/hypertransport/serving/pages",
  absWorkingDir: import.meta.dirname,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  loader: { ".svg": "text" },
  legalComments: "none", // NOTICE has the licences
  logLevel: "warning",
});
