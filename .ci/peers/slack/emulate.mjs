// Starts emulate's Slack with a workspace for the tests, and has its events sent
// to an address, for which emulate itself offers no way:
//   node emulate.mjs PORT http://127.0.0.1:3000/slack/events
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createEmulator } from "emulate";

const [port, events] = process.argv.slice(2);
const dist = path.join(import.meta.dirname, "node_modules/emulate/dist");
const file = readdirSync(dist).find((f) => /^dist-.*\.js$/.test(f) && /\n  slackPlugin\n/.test(readFileSync(path.join(dist, f), "utf8")));
const { slackPlugin } = await import(pathToFileURL(path.join(dist, file)).href);
const register = slackPlugin.register;
slackPlugin.register = function (app, store, webhooks, ...rest) {
  webhooks.register({ url: events, events: ["*"], active: true, owner: "slack" });
  return register.call(this, app, store, webhooks, ...rest);
};

const scopes = ["chat:write", "channels:read", "channels:history", "reactions:read", "reactions:write", "users:read", "groups:read", "groups:history", "im:write", "files:write"];
const bot = { app_id: "A000000001", client_id: "1.2", bot_id: "BTASTE", bot_user_id: "UTASTE" };
const people = ["alice", "bob", "carol", "dora", "emil", "fay"];
await createEmulator({
  service: "slack",
  port: Number(port),
  seed: {
    slack: {
      team: { name: "Tastetest", domain: "tastetest" },
      signing_secret: "a signing secret",
      strict_scopes: true,
      users: people.map((name, i) => ({ name, real_name: name, email: `${name}@example.com`, is_admin: i === 0 })),
      channels: [{ name: "taste", topic: "blind tests" }],
      oauth_apps: [{ ...bot, client_secret: "s", name: "tastetest", bot_name: "tastetest", redirect_uris: ["http://127.0.0.1:9/"], scopes }],
      tokens: [
        { token: "xoxb-bot", type: "bot", user: "UTASTE", ...bot, scopes },
        ...people.map((user) => ({ token: `xoxp-${user}`, type: "user", user, scopes: ["reactions:write", "users:read", "channels:read"] })),
      ],
    },
  },
});
console.log("ready");
