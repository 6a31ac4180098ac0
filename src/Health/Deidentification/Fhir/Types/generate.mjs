// Makes r4.txt: which elements every type of FHIR R4 (4.0.1) has, and of what types they are.
// Source: the structure definitions of HL7 FHIR R4 (CC0), as the package fhirpath lists them (its fhir-context/r4, BSD-style licence of the LHNCBC).
//   npm pack fhirpath@5.2.2 && tar xzf fhirpath-5.2.2.tgz && node generate.mjs package/fhir-context/r4 > r4.txt
import { readFileSync } from "node:fs";

const read = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}.json`, "utf8"));
const [paths, parents, choices, elsewhere] = ["path2Type", "type2Parent", "choiceTypePaths", "pathsDefinedElsewhere"].map(read);
const typeOf = (path) => (typeof paths[path] === "string" ? paths[path] : paths[path]?.code);
const isInline = (type) => type === "BackboneElement" || type === "Element";
const primitives = new Set(["base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer", "markdown",
    "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml"]);

const owners = new Map();
for (const type of new Set([...Object.keys(parents), ...Object.keys(paths).map((path) => path.split(".")[0])]))
    if (!primitives.has(type)) owners.set(type, []);
for (const path of Object.keys(paths))
    if (path.includes(".") && isInline(typeOf(path)) && path.split(".").slice(1, -1).every((_, i) => isInline(typeOf(path.split(".").slice(0, i + 2).join(".")))))
        owners.set(path, []);

const inherited = (owner, name) => {
    for (let base = owner.includes(".") ? typeOf(owner) : parents[owner]; base; base = parents[base])
        if (paths[`${base}.${name}`] !== undefined) return true;
    return false;
};
const lower = (type) => { const first = type[0].toLowerCase() + type.slice(1); return primitives.has(first) ? first : type; };
const open = choices["Extension.value"].map(lower).sort().join("|");
for (const [owner, elements] of owners) {
    const options = Object.entries(choices).filter(([path]) => path.slice(0, path.lastIndexOf(".")) === owner);
    const concrete = new Set(options.flatMap(([path, types]) => types.map((type) => path.slice(path.lastIndexOf(".") + 1) + type)));
    for (const [path, types] of options) {
        const all = types.map(lower).sort().join("|");
        elements.push(`${path.slice(path.lastIndexOf(".") + 1)}[x]=${all === open ? "*" : all}`);
    }
    for (const path of [...Object.keys(paths), ...Object.keys(elsewhere)]) {
        const name = path.slice(path.lastIndexOf(".") + 1);
        if (path.slice(0, path.lastIndexOf(".")) !== owner || concrete.has(name) || inherited(owner, name)) continue;
        const type = elsewhere[path] ?? (owners.has(path) ? path : typeOf(path));
        const written = { "System.String": owner === "Resource" && name === "id" ? "id" : owner === "Extension" && name === "url" ? "uri" : "string" }[type] ?? type;
        elements.push(`${name}=${written === path ? "." : written}`);
    }
}
const lines = [...owners].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, elements]) => `${owner}:${owner.includes(".") ? typeOf(owner) : parents[owner] ?? ""} ${[...new Set(elements)].sort().join(" ")}`.trimEnd());
process.stdout.write(`# HL7 FHIR R4 (4.0.1, CC0): elements of types, made by generate.mjs\n* ${open}\n${lines.join("\n")}\n`);
