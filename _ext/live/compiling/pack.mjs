// Runs pack.py in Pyodide: node pack.mjs PYODIDE LOCK SOURCE TARGET, folders and files of this machine.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, lockFileURL, source, target] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({
  indexURL: folder,
  lockFileURL,
  stderr() {},
  env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" }, // the same bytes each time
});
for (const [place, path] of [["/source", source], ["/target", target]]) {
  python.FS.mkdirTree(place);
  python.mountNodeFS(place, path);
}
try {
  python.runPython(readFileSync(new URL("./pack.py", import.meta.url), "utf8"));
  python.runPython("pack_folder('/source', '/target')");
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error}\n`); // node itself would print a line of Pyodide, which is all of it
  process.exit(1);
}
