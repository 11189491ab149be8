#!/usr/bin/env bash
# pinyin 4.0.0 (npm), `mode: "surname"`: it knows 单 Shan, 解 Xie, 仇 Qiu, 查 Zha, 万俟 Moqi and 尉迟 Yuchi, and reads 区,
# 盖, 员, 召 as the words they also are (qu, gai, yuan, zhao), not as the surnames Ou, Ge, Yun and Shao. pinyin-pro
# 3.29.4 (`surname: "head"`) knows these four. Both read 种, 么, 黑, 牟 as words (zhong; mo and me; hei; mou), where
# the surnames are Chong, Yao, He and Mu. A person of such a name is not found by the spelling in their passport:
# keep every reading as a key.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts pinyin@4.0.0 pinyin-pro@3.29.4 >/dev/null
cat >read.mjs <<'JS'
import pinyin from "pinyin";
import { pinyin as pro } from "pinyin-pro";

const names = ["单", "解", "仇", "查", "万俟", "尉迟", "区", "盖", "员", "召", "种", "么", "黑", "牟"];
const first = (read, name) => read.slice(0, name.length).join("");
const ask = pinyin.default ?? pinyin;
const by = {
  pinyin: name => first(ask(name + "小明", { mode: "surname", style: "normal" }), name),
  "pinyin-pro": name => first(pro(name + "小明", { surname: "head", toneType: "none", type: "array" }), name),
};
for (const [reader, read] of Object.entries(by)) console.log(reader, names.map(read).join(" "));
JS
node read.mjs | tee read.txt
[ "$(cat read.txt)" = "pinyin shan xie qiu zha moqi yuchi qu gai yuan zhao zhong mo hei mou
pinyin-pro shan xie qiu zha moqi yuchi ou ge yun shao zhong me hei mou" ]
