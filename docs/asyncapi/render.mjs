// Checks the stream's AsyncAPI document with the AsyncAPI initiative's parser (what its command
// line validates with) and renders it to one page that needs no script: node render.mjs <document> <page>
import { readFileSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Parser } from "@asyncapi/parser";
import React from "react";
import { renderToStaticMarkup } from "react-dom/server";

const require = createRequire(import.meta.url);
const { default: AsyncApiPage } = require("@asyncapi/react-component/lib/cjs/without-parser.js");

const [source, page] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(source, "utf8"), { source });
// 0 error, 1 warning, 2 information, 3 hint; the newest version of the specification is a hint
const findings = diagnostics.filter((one) => one.severity <= 1);
for (const one of findings) {
  console.error(`${source}:${one.range.start.line + 1}: ${one.code}: ${one.message} (${one.path.join(".")})`);
}
if (!document || findings.length > 0) {
  console.error(`${source}: ${findings.length} findings of the AsyncAPI parser`);
  process.exit(1);
}
const { version, title } = { version: document.version(), title: document.info().title() };
console.log(`${source}: valid AsyncAPI ${version}, ${document.channels().length} channels, ${document.allMessages().length} messages`);

if (page) {
  const markup = renderToStaticMarkup(
    React.createElement(AsyncApiPage, { schema: document, config: { show: { errors: true } } }),
  );
  const css = readFileSync(require.resolve("@asyncapi/react-component/styles/default.min.css"), "utf8");
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(
    page,
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${title}</title>\n<style>${css}\n.aui-root button { pointer-events: none; }</style>\n</head>\n<body>\n${markup}\n</body>\n</html>\n`,
  );
  console.log(`${page}: rendered, ${Math.ceil(Buffer.byteLength(markup) / 1024)} KiB`);
}
