"use strict";
// The token stays in this page's memory: it is written to no storage and to no address.
const at = (id) => document.getElementById(id);
const [choice, token, run, stop] = ["example", "token", "run", "stop"].map(at);
const [operation, variables, status, answer] = ["document", "variables", "status", "answer"].map(at);
const [search, schemaBox] = ["search", "schema"].map(at);
let schema = null;
let socket = null;

EXAMPLES.forEach((example, place) => choice.add(new Option(example.title, place)));
choice.addEventListener("change", () => show(EXAMPLES[choice.value]));
if (EXAMPLES.length) show(EXAMPLES[0]);

function show(example) {
  operation.value = example.document;
  variables.value = example.variables;
}

function bearer() {
  const text = token.value.trim();
  return text.toLowerCase().startsWith("bearer ") ? text : "Bearer " + text;
}

async function ask(query, values) {
  return fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
      ...(token.value.trim() ? { authorization: bearer() } : {}),
    },
    body: JSON.stringify({ query, variables: values }),
  });
}

function parsedVariables() {
  const text = variables.value.trim();
  return text ? JSON.parse(text) : undefined;
}

async function execute() {
  let values;
  try {
    values = parsedVariables();
  } catch (failure) {
    status.textContent = "The variables are no JSON: " + failure.message;
    return;
  }
  const bare = operation.value.replace(/#[^\n]*/g, "").trim();
  if (/(^|\})\s*subscription\b/.test(bare)) return listen(operation.value, values);
  run.disabled = true;
  status.textContent = "Asking …";
  const begun = performance.now();
  try {
    const response = await ask(operation.value, values);
    const text = await response.text();
    status.textContent = `${response.status} in ${Math.round(performance.now() - begun)} ms, `
      + `${text.length.toLocaleString("en")} characters, request ${response.headers.get("x-request-id")}`;
    try {
      answer.textContent = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      answer.textContent = text;
    }
  } catch {
    status.textContent = "The service did not answer.";
  } finally {
    run.disabled = false;
  }
}

function listen(query, values) {
  hangUp();
  answer.textContent = "";
  status.textContent = "Connecting …";
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/graphql`, "graphql-transport-ws");
  const send = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => send({ type: "connection_init", payload: { authorization: bearer() } });
  socket.onmessage = (event) => {
    const message = JSON.parse(event.data);
    if (message.type === "connection_ack") {
      status.textContent = "Listening …";
      send({ id: "1", type: "subscribe", payload: { query, variables: values } });
    } else if (message.type === "ping") {
      send({ type: "pong" });
    } else if (message.type === "next" || message.type === "error") {
      answer.textContent = JSON.stringify(message.payload, null, 2) + "\n\n" + answer.textContent.slice(0, 200000);
    } else if (message.type === "complete") {
      hangUp();
      status.textContent = "Ended.";
    }
  };
  socket.onclose = (event) => {
    status.textContent = `Closed (${event.code} ${event.reason}).`;
    stop.hidden = true;
  };
  stop.hidden = false;
}

function hangUp() {
  if (socket) {
    socket.onclose = null;
    socket.close(1000);
    socket = null;
    status.textContent = "Stopped.";
  }
  stop.hidden = true;
}

run.addEventListener("click", execute);
stop.addEventListener("click", hangUp);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) execute();
});

const TYPE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const SCHEMA = `{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name
  description fields { name description args { name description defaultValue type { ${TYPE} } } type { ${TYPE} } }
  inputFields { name description defaultValue type { ${TYPE} } } enumValues { name description }
  possibleTypes { name } } } }`;

async function learn() {
  if (!token.value.trim()) return;
  const response = await ask(SCHEMA);
  if (!response.ok) {
    schemaBox.replaceChildren(text("p", "The token was refused (" + response.status + ")."));
    return;
  }
  const content = (await response.json()).data.__schema;
  schema = new Map(content.types.map((type) => [type.name, type]));
  schema.roots = ["queryType", "mutationType", "subscriptionType"].map((root) => content[root]?.name).filter(Boolean);
  showSchema();
}
token.addEventListener("change", learn);
search.addEventListener("input", showSchema);

function text(tag, words) {
  const element = document.createElement(tag);
  element.textContent = words;
  return element;
}

function link(name) {
  const element = text("a", name);
  element.href = "#";
  element.addEventListener("click", (event) => { event.preventDefault(); search.value = name; showSchema(); });
  return element;
}

function signature(type) {
  if (type.kind === "NON_NULL") return [...signature(type.ofType), "!"];
  if (type.kind === "LIST") return ["[", ...signature(type.ofType), "]"];
  return [link(type.name)];
}

function entry(field) {
  const term = document.createElement("dt");
  term.append(field.name);
  if (field.args?.length) {
    term.append("(");
    field.args.forEach((argument, place) => {
      term.append(place ? ", " : "", argument.name, ": ", ...signature(argument.type));
    });
    term.append(")");
  }
  if (field.type) term.append(": ", ...signature(field.type));
  return [term, text("dd", field.description || "")];
}

function showType(type) {
  const list = document.createElement("dl");
  for (const field of [...(type.fields || []), ...(type.inputFields || []), ...(type.enumValues || [])]) {
    list.append(...entry(field));
  }
  const block = [text("h2", `${type.kind.toLowerCase().replace("_", " ")} ${type.name}`),
    text("p", type.description || ""), list];
  if (type.possibleTypes?.length) {
    const one = text("p", "One of: ");
    type.possibleTypes.forEach((possible, place) => one.append(place ? ", " : "", link(possible.name)));
    block.push(one);
  }
  return block;
}

function showSchema() {
  if (!schema) return;
  const wanted = search.value.trim();
  if (schema.has(wanted)) {
    schemaBox.replaceChildren(...showType(schema.get(wanted)));
    return;
  }
  if (!wanted) {
    schemaBox.replaceChildren(...schema.roots.flatMap((name) => showType(schema.get(name))));
    return;
  }
  const low = wanted.toLowerCase();
  const list = document.createElement("dl");
  for (const type of schema.values()) {
    if (type.name.startsWith("__")) continue;
    if (type.name.toLowerCase().includes(low)) {
      const term = document.createElement("dt");
      term.append(link(type.name));
      list.append(term, text("dd", type.description || ""));
    }
    for (const field of [...(type.fields || []), ...(type.inputFields || [])]) {
      if (!field.name.toLowerCase().includes(low) || list.children.length > 200) continue;
      const [term, words] = entry(field);
      term.prepend(link(type.name), ".");
      list.append(term, words);
    }
  }
  schemaBox.replaceChildren(list);
}
