// The official JavaScript client: what its users do.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, baseURL, apiKey] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { default: OpenAI } = await import(pathToFileURL(require.resolve("openai")).href);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 1 });
const messages = [{ role: "user", content: "Bonjour" }];

const answer = await client.chat.completions.create({ model: "fake", messages });
assert.equal(answer.usage.total_tokens, 12);

const stream = await client.chat.completions.create({
  model: "fake-n5", messages, stream: true, stream_options: { include_usage: true },
});
let text = "";
let usage = null;
for await (const piece of stream) {
  text += piece.choices[0]?.delta?.content ?? "";
  usage = piece.usage ?? usage;
}
assert.equal(text.trim().split(/\s+/).length, 5);
assert.equal(usage.completion_tokens, 5);

const tools = [{ type: "function", function: { name: "meteo", parameters: { type: "object", properties: {} } } }];
const called = await client.chat.completions.create({ model: "fake-tools", messages, tools });
assert.equal(called.choices[0].message.tool_calls[0].function.name, "meteo");

const vectors = await client.embeddings.create({ model: "fake-vectors8", input: "Bonjour" });
assert.equal(vectors.data[0].embedding.length, 8);

const response = await client.responses.create({ model: "fake", input: "Bonjour" });
assert.ok(response.output_text.trim());

const models = [];
for await (const model of client.models.list()) models.push(model.id);
assert.ok(models.includes("fake"));

await assert.rejects(client.chat.completions.create({ model: "gpt-4", messages }), OpenAI.NotFoundError);
await assert.rejects(new OpenAI({ baseURL, apiKey: "no" }).models.list(), OpenAI.AuthenticationError);
await assert.rejects(async () => {
  for await (const _piece of await client.chat.completions.create({ model: "fake-disconnect3", messages, stream: true }));
}, OpenAI.APIError);

const file = await client.files.create({ file: new File(["{}"], "in.jsonl"), purpose: "batch" });
assert.ok((await client.files.delete(file.id)).deleted);
console.log("ok");
