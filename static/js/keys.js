// Left and right: to the previous and next panel, note or page, wherever such a link is in view.
const typing = "input, textarea, select, [contenteditable], audio, video, [role=slider]";

function scrollsSideways(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    if (at.scrollWidth > at.clientWidth && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  if (event.target.closest(typing) || scrollsSideways(event.target)) return;
  const forward = (event.key === "ArrowRight") === (document.dir !== "rtl");
  const shown = document.querySelector(".panel.open") ?? document.querySelector(".sheet");
  const link = shown
    ? shown.querySelector(`a[rel=${forward ? "next" : "prev"}]`)
    : forward && document.querySelector(".card [data-panel]");
  if (link) link.click();
});
