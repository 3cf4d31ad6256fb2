// A new page's file is named after its title, until the owner names it.
const title = document.getElementById("title");
const name = document.getElementById("name");
let own = name.value !== "";

function slug(text) {
  const plain = text.normalize("NFC").trim().toLowerCase().replace(/['’]/g, "");
  return plain.replace(/[^\p{L}\p{M}\p{N}_.~+-]+/gu, "-").replace(/-{2,}/g, "-").replace(/^[-.]+|[-.]+$/g, "");
}
function follow() {
  if (!own) name.value = slug(title.value);
}
title.addEventListener("input", follow);
follow(); // what was typed before this script came
name.addEventListener("input", () => {
  own = name.value !== "";
});
