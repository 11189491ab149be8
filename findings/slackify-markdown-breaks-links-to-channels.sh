#!/usr/bin/env bash
# slackify-markdown 4.5.0 (npm) leaves Slack's own `<@U1>`, `<!subteam^S1|team>` and `<!date^...|1 Dec>` alone, and
# breaks a link to a channel: `<#C1|general>` comes out as "<#C1|general&gt;", which Slack shows as text. A list that
# begins "0042. " loses its zeros, "42. ", so an extension at the start of a line is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts slackify-markdown@4.5.0 >/dev/null
cat >read.mjs <<'JS'
import slackify from "slackify-markdown";

const convert = slackify.slackifyMarkdown ?? slackify.default ?? slackify;
for (const text of ["<@U1>", "<!subteam^S1|team>", "<!date^1764576000^{date_short}|1 Dec>", "<#C1|general>", "0042. Ann"])
  console.log(convert(text).trim().replace(/ +/g, " "));
JS
node read.mjs | tee read.txt
[ "$(cat read.txt)" = "<@U1>
<!subteam^S1|team>
<!date^1764576000^{date_short}|1 Dec>
<#C1|general&gt;
42. Ann" ]
