// MJML → HTML by npm's mjml with its own inlining, in one warm process.
// A line of JSON in, {"mjml", "times"}; a line out, {"html", "ms"}: all `times` together.
const mjml2html = require("mjml");
const lines = require("readline").createInterface({ input: process.stdin });
const options = { keepComments: true, minify: false, beautify: false, fonts: {} };

(async () => {
  for await (const line of lines) {
    const { mjml, times } = JSON.parse(line);
    let made;
    const start = process.cpuUsage();
    for (let i = 0; i < times; i++) made = await mjml2html(mjml, options);
    const spent = process.cpuUsage(start);
    const ms = (spent.user + spent.system) / 1000;
    process.stdout.write(JSON.stringify({ html: made.html, errors: made.errors, ms }) + "\n");
  }
})();
